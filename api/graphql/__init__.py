"""The GraphQL side: types, the queries and mutations over them, and what keeps them cheap."""
