# The page is built with Node, the packages are installed with uv; the image holds what results, and runs as nobody special.

FROM node:22-slim AS page
WORKDIR /source/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM python:3.12-slim AS packages
RUN pip install --no-cache-dir uv
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /opt/designer/.venv \
    && uv pip install --no-cache --compile-bytecode --python /opt/designer/.venv/bin/python --require-hashes -r /tmp/base.txt

FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --user-group --home-dir /var/lib/designer --create-home designer
WORKDIR /opt/designer
COPY --from=packages /opt/designer/.venv .venv
COPY --from=page /source/frontend/dist frontend/dist
COPY manage.py ./
COPY modules modules
COPY designer designer
COPY samples samples
ENV PATH=/opt/designer/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=designer.settings \
    DESIGNER_HOME=/var/lib/designer
RUN python -m compileall -q modules designer
USER designer
VOLUME /var/lib/designer
EXPOSE 8000
CMD ["uvicorn", "designer.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--no-access-log"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health', timeout=4)"]
