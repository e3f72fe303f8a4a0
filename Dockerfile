# The bot as a server: docker build --tag certificate-helpdesk .
# To read screenshots too: docker build --build-arg REQUIREMENTS=requirements-ocr.txt …
# What it needs comes as environment variables. The file system may be read-only, but for /tmp.
ARG PYTHON=3.11
FROM python:${PYTHON}-slim
ARG REQUIREMENTS=requirements.txt
LABEL org.opencontainers.image.title="outlook-certificate-helpdesk" \
      org.opencontainers.image.description="A Slack bot for Outlook's certificate errors"
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    HOST=0.0.0.0 \
    PORT=3000
WORKDIR /app
COPY requirements.txt requirements-ocr.txt ./
# pip leaves with what it was needed for: nothing can be installed into what runs.
RUN python -m pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore \
        --require-hashes --no-deps --only-binary :all: --requirement ${REQUIREMENTS} \
    && python -m pip uninstall --yes --root-user-action=ignore pip
COPY bot bot
COPY checks checks
COPY knowledge knowledge
RUN python -m compileall -q bot checks knowledge
USER 10001:10001
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-m", "bot.healthcheck"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["serve"]
