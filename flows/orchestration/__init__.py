"""Prefect: the flow, its server, schedules. The only room that imports Prefect."""
