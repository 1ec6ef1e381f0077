"""The plan: the playbook's windows and the calendar dates they become."""
