"""The rules of the field's own tools, so that their numbers can be had here and compared.

`coortweet` stands in for CooRTweet 2.1.3, `toolkit` for coordination-network-toolkit 1.5.2. Each
names the defects of its original, which it repeats where they change who is tied, and says where
it does not. Neither judges significance: that is what `graph.detection` is for.
"""
