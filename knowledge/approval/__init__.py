"""Everything that the bot can say, as one document to approve (`python -m knowledge book`). Pure: the tables
go in, HTML comes out.

What the bot says stands in elements of the class `said`, and only there; a test holds these equal to the
tables, and every sentence of every conversation to these.
"""
