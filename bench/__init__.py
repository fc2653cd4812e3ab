"""Side-by-side figures: what shop360 costs against the least that the same work can cost."""
