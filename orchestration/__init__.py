"""The Dagster package of shop360: it lands, gates and releases; business logic lives in the SQL models."""
