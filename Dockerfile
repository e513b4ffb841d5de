FROM python:3.11-slim AS build
COPY --from=ghcr.io/astral-sh/uv:0.13.9 /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-default-groups

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin yearturn \
    && install -d -o yearturn -g yearturn /app /data /ledger
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY . .
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings.prod \
    YEARTURN_DATA=/data
# The values serve this one command only; production gets its own from the environment.
RUN SECRET_KEY=build TRANSFER_CODE_SECRET=build-build-build-build-build-build SEALING_KEYS=build-build-build-build-build-build SIGNING_KEY=Y2hlY2stY2hlY2stY2hlY2stY2hlY2stY2hlY2stISE= LEDGER_DIR=/nowhere YEARTURN_HOST=build.example DATABASE_URL=postgres://build/build REDIS_URL=redis://build \
    EMAIL_HOST=build EMAIL_FROM=build@build.example \
    python manage.py collectstatic --noinput --verbosity 0
USER yearturn
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--access-logfile", "-"]
