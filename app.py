"""Navigation and sign-in, nothing else.

`streamlit run app.py` finds `app` and serves through it, so that no page is reachable
before this file has run; inside a session the same file draws the navigation.
"""

import streamlit as st

from vrn_metrics import ui

if ui.in_session():
    ui.navigate()
else:
    app = st.App(__file__, lifespan=ui.warm, routes=ui.routes())
