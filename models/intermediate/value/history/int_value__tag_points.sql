-- One row per customer, tag and day on which the value of the tag may change.
{{ tag_columns('points') }}
