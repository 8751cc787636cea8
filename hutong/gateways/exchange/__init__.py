"""Departmental exchange (部门数据交换): questions to other departments and their answers, by file or in memory."""
