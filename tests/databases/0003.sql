-- The database of the version before 0004, in the middle of conversations (made by that version; synthetic).
--
-- PostgreSQL database dump
--


-- Dumped from database version 18.4
-- Dumped by pg_dump version 18.4

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: procrastinate_job_event_type; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);


--
-- Name: procrastinate_job_status; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);


--
-- Name: procrastinate_job_to_defer_v1; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);


--
-- Name: procrastinate_cancel_job_v1(bigint, boolean, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;


--
-- Name: procrastinate_defer_jobs_v1(public.procrastinate_job_to_defer_v1[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;


--
-- Name: procrastinate_defer_periodic_job_v2(character varying, character varying, character varying, character varying, integer, character varying, bigint, jsonb); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: procrastinate_jobs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    lock text,
    queueing_lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);


--
-- Name: procrastinate_fetch_job_v2(character varying[], bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;


--
-- Name: procrastinate_finish_job_v1(bigint, public.procrastinate_job_status, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;


--
-- Name: procrastinate_notify_queue_abort_job_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_notify_queue_job_inserted_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_prune_stalled_workers_v1(double precision); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;


--
-- Name: procrastinate_register_worker_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;


--
-- Name: procrastinate_retry_job_v1(bigint, timestamp with time zone, integer, character varying, character varying); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;


--
-- Name: procrastinate_retry_job_v2(bigint, timestamp with time zone, integer, character varying, character varying); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;


--
-- Name: procrastinate_trigger_abort_requested_events_procedure_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_scheduled_events_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_status_events_insert_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_status_events_update_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_unlink_periodic_defers_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;


--
-- Name: procrastinate_unregister_worker_v1(bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;


--
-- Name: procrastinate_update_heartbeat_v1(bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;


--
-- Name: wake_the_next(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.wake_the_next() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_notify(
        'procrastinate_any_queue_v1', json_build_object('type', 'job_inserted', 'job_id', OLD.id)::text
    );
    RETURN NULL;
END;
$$;


--
-- Name: alembic_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);


--
-- Name: cards; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.cards (
    conversation bigint NOT NULL,
    "case" text NOT NULL,
    channel text NOT NULL,
    ts text NOT NULL
);


--
-- Name: conversation_numbers; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.conversation_numbers
    START WITH 1001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: conversations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.conversations (
    number bigint NOT NULL,
    team text NOT NULL,
    person text NOT NULL,
    channel text NOT NULL,
    is_open boolean NOT NULL,
    touched timestamp with time zone NOT NULL,
    state jsonb NOT NULL
);


--
-- Name: engine_version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.engine_version (
    migration text NOT NULL
);


--
-- Name: events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.events (
    id text NOT NULL,
    at timestamp with time zone NOT NULL
);


--
-- Name: outbox; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.outbox (
    id bigint NOT NULL,
    event text NOT NULL,
    conversation bigint,
    kind text NOT NULL,
    channel text NOT NULL,
    thread_ts text,
    person text NOT NULL,
    slot text,
    body jsonb,
    made timestamp with time zone NOT NULL,
    done timestamp with time zone,
    ts text,
    failure text
);


--
-- Name: outbox_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.outbox ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: people; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.people (
    team text NOT NULL,
    person text NOT NULL,
    name text NOT NULL,
    email text,
    locale text,
    time_zone text,
    language text,
    asked timestamp with time zone NOT NULL,
    greeted timestamp with time zone
);


--
-- Name: procrastinate_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;


--
-- Name: procrastinate_periodic_defers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;


--
-- Name: procrastinate_workers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: procrastinate_workers_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: statuses; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.statuses (
    certificate text NOT NULL,
    revoked boolean NOT NULL,
    reason text NOT NULL,
    revoked_at timestamp with time zone,
    until timestamp with time zone NOT NULL,
    source text NOT NULL
);


--
-- Name: threads; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.threads (
    channel text NOT NULL,
    thread_ts text NOT NULL,
    person text NOT NULL,
    conversation bigint NOT NULL
);


--
-- Name: unmatched; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.unmatched (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    language text NOT NULL,
    text text NOT NULL,
    decision text NOT NULL
);


--
-- Name: unmatched_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.unmatched ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.unmatched_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: procrastinate_events id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);


--
-- Name: procrastinate_jobs id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);


--
-- Name: procrastinate_periodic_defers id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);


--
-- Data for Name: alembic_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.alembic_version VALUES ('0003');


--
-- Data for Name: cards; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.cards VALUES (1002, 'C-1002', 'C0HELPDESK1', '1795527172.016675');


--
-- Data for Name: conversations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.conversations VALUES (1001, 'T0LOCAL0001', 'U0SATO00001', 'D0SATO00001', true, '2026-11-24 13:32:52.162179+00', '{"row": "no_certificate", "past": [], "turn": 6, "asked": ["changed", "new_certificate"], "began": "2026-11-24T13:32:51.458423Z", "facts": {"is_ca": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "whose": {"turn": 1, "value": "own", "source": "text", "changed": 0, "fingerprint": null}, "issuer": {"turn": 3, "value": "Example Issuing CA", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "usable": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "address": {"turn": 1, "value": "user@example.co.jp", "source": "text", "changed": 0, "fingerprint": null}, "expired": {"turn": 3, "value": "yes", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "network": {"turn": 5, "value": "office", "source": "answer", "changed": 0, "fingerprint": null}, "weak_key": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "malformed": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "too_large": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "no_address": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "cannot_sign": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "issuer_kind": {"turn": 3, "value": "other", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "self_signed": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "bad_signature": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "not_for_email": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "not_yet_valid": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "cannot_encrypt": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "untrusted_root": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "weak_signature": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "new_certificate": {"turn": 4, "value": "yes", "source": "answer", "changed": 0, "fingerprint": null}, "unsupported_key": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "address_mismatch": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "incomplete_chain": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "not_a_certificate": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "issuer_not_allowed": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}, "private_key_uploaded": {"turn": 3, "value": "no", "source": "file", "changed": 0, "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1"}}, "phase": "advising", "round": 1, "words": ["cannot sign or encrypt this message because there are no cer", "because there are no certificates which can be used", "no certificates which can be used to send"], "number": 1001, "person": "U0SATO00001", "remedy": "choose_certificate", "report": {"chain": [{"key": "EC P-256", "is_ca": false, "issuer": "CN=Example Issuing CA, O=Example Co.\\, Ltd., C=JP", "serial": "223d05a974f6badcf2d91bc58b5eda26dfbc1e45", "subject": "CN=user@example.co.jp, O=Example Co.\\, Ltd., C=JP", "addresses": ["user@example.co.jp"], "not_after": "2026-11-14T13:32:50Z", "signature": "SHA-256 with ECDSA", "not_before": "2024-11-14T13:32:50Z", "common_name": "user@example.co.jp", "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1", "server_names": [], "issuer_common_name": "Example Issuing CA"}, {"key": "EC P-256", "is_ca": true, "issuer": "CN=Example Root CA, O=Example Co.\\, Ltd., C=JP", "serial": "7c771a3ed794aa6643d72ad58e5302c71cdc7a98", "subject": "CN=Example Issuing CA, O=Example Co.\\, Ltd., C=JP", "addresses": [], "not_after": "2033-11-22T13:32:50Z", "signature": "SHA-256 with ECDSA", "not_before": "2023-11-25T13:32:50Z", "common_name": "Example Issuing CA", "fingerprint": "88e7979cc6ac353f55b9e2a4f548dd959b2becfcf69e57f62af8c4edfc689289", "server_names": [], "issuer_common_name": "Example Root CA"}, {"key": "EC P-256", "is_ca": true, "issuer": "CN=Example Root CA, O=Example Co.\\, Ltd., C=JP", "serial": "6522a067c6ed9e58e41bfde7d48da264e4bed62f", "subject": "CN=Example Root CA, O=Example Co.\\, Ltd., C=JP", "addresses": [], "not_after": "2041-11-20T13:32:50Z", "signature": "SHA-256 with ECDSA", "not_before": "2021-11-25T13:32:50Z", "common_name": "Example Root CA", "fingerprint": "f8da207b2ae1a8c4d4e227b07d5e3d1e3b4a0e959f8987df843586efc7fae922", "server_names": [], "issuer_common_name": "Example Root CA"}], "server": null, "address": "user@example.co.jp", "purpose": "email", "verdict": "unusable", "can_sign": false, "findings": [{"code": "private_key_uploaded", "holds": false, "detail": {}, "severity": "refused", "certificate": null}, {"code": "not_a_certificate", "holds": false, "detail": {}, "severity": "refused", "certificate": null}, {"code": "malformed", "holds": false, "detail": {}, "severity": "refused", "certificate": null}, {"code": "too_large", "holds": false, "detail": {}, "severity": "refused", "certificate": null}, {"code": "expired", "holds": true, "detail": {"not_after": "2026-11-14T13:32:50Z"}, "severity": "error", "certificate": 0}, {"code": "not_yet_valid", "holds": false, "detail": {"not_before": "2024-11-14T13:32:50Z"}, "severity": "error", "certificate": 0}, {"code": "is_ca", "holds": false, "detail": {}, "severity": "error", "certificate": 0}, {"code": "not_for_email", "holds": false, "detail": {}, "severity": "error", "certificate": 0}, {"code": "no_address", "holds": false, "detail": {}, "severity": "error", "certificate": 0}, {"code": "address_mismatch", "holds": false, "detail": {"address": "user@example.co.jp", "addresses": "user@example.co.jp"}, "severity": "error", "certificate": 0}, {"code": "cannot_sign", "holds": false, "detail": {"reason": "key_usage"}, "severity": "error", "certificate": 0}, {"code": "cannot_encrypt", "holds": false, "detail": {"reason": "key_usage"}, "severity": "error", "certificate": 0}, {"code": "bad_signature", "holds": false, "detail": {}, "severity": "error", "certificate": null}, {"code": "incomplete_chain", "holds": false, "detail": {}, "severity": "error", "certificate": null}, {"code": "self_signed", "holds": false, "detail": {}, "severity": "error", "certificate": 0}, {"code": "untrusted_root", "holds": false, "detail": {"root": "Example Root CA"}, "severity": "error", "certificate": 2}, {"code": "issuer_not_allowed", "holds": false, "detail": {}, "severity": "error", "certificate": null}, {"code": "weak_key", "holds": false, "detail": {"key": "EC P-256"}, "severity": "warning", "certificate": 0}, {"code": "unsupported_key", "holds": false, "detail": {"key": "EC P-256"}, "severity": "error", "certificate": 0}, {"code": "weak_signature", "holds": false, "detail": {"signature": "SHA-256 with ECDSA"}, "severity": "warning", "certificate": 0}, {"code": "revocation_unknown", "holds": true, "detail": {"reason": "off"}, "severity": "info", "certificate": 0}], "headline": "expired", "trust_list": null, "trusted_by": "company", "can_encrypt": false, "certificate": {"key": "EC P-256", "is_ca": false, "issuer": "CN=Example Issuing CA, O=Example Co.\\, Ltd., C=JP", "serial": "223d05a974f6badcf2d91bc58b5eda26dfbc1e45", "subject": "CN=user@example.co.jp, O=Example Co.\\, Ltd., C=JP", "addresses": ["user@example.co.jp"], "not_after": "2026-11-14T13:32:50Z", "signature": "SHA-256 with ECDSA", "not_before": "2024-11-14T13:32:50Z", "common_name": "user@example.co.jp", "fingerprint": "c2d1a295abf68cab9bbcf4359967c5a4d9a7f18a643325b01cde301194c204e1", "server_names": [], "issuer_common_name": "Example Issuing CA"}, "trust_list_is_old": false}, "urgent": false, "advised": true, "private": true, "profile": "user@example.co.jp", "stopped": false, "touched": "2026-11-24T13:32:52.162179Z", "trouble": 1, "attempts": [], "language": "ja", "question": null, "explained": [], "file_name": "expired.cer", "passed_on": false, "time_zone": "Asia/Tokyo", "candidates": [], "person_name": "佐藤 花子", "sending_now": false, "not_understood": 1, "language_chosen": false}');
INSERT INTO public.conversations VALUES (1002, 'T0LOCAL0001', 'U0SMITH0001', 'D0SMITH0001', true, '2026-11-24 13:32:51.979113+00', '{"row": "expired_or_revoked", "past": [], "turn": 2, "asked": ["new_certificate"], "began": "2026-11-24T13:32:51.901567Z", "facts": {"whose": {"turn": 1, "value": "own", "source": "text", "changed": 0, "fingerprint": null}, "expired": {"turn": 1, "value": "yes", "source": "text", "changed": 0, "fingerprint": null}}, "phase": "handed_over", "round": 1, "words": ["expired"], "number": 1002, "person": "U0SMITH0001", "remedy": null, "report": null, "urgent": false, "advised": true, "private": true, "profile": "alex@example.co.jp", "stopped": false, "touched": "2026-11-24T13:32:51.979113Z", "trouble": 1, "attempts": [], "language": "en", "question": null, "explained": [], "file_name": null, "passed_on": true, "time_zone": "Asia/Tokyo", "candidates": [], "person_name": "Alex Smith", "sending_now": false, "not_understood": 0, "language_chosen": false}');
INSERT INTO public.conversations VALUES (1003, 'T0LOCAL0001', 'U0SATO00001', 'C0GENERAL01', true, '2026-11-24 13:32:52.04494+00', '{"row": "no_certificate", "past": [{"at": "2026-11-24T13:32:51.796871Z", "row": "no_certificate", "attempts": []}], "turn": 1, "asked": ["changed"], "began": "2026-11-24T13:32:52.044940Z", "facts": {"whose": {"turn": 1, "value": "own", "source": "text", "changed": 0, "fingerprint": null}, "address": {"turn": 1, "value": "user@example.co.jp", "source": "text", "changed": 0, "fingerprint": null}}, "phase": "asking", "round": 1, "words": ["cannot sign or encrypt this message because there are no cer", "because there are no certificates which can be used", "no certificates which can be used to send"], "number": 1003, "person": "U0SATO00001", "remedy": null, "report": null, "urgent": false, "advised": false, "private": false, "profile": "user@example.co.jp", "stopped": false, "touched": "2026-11-24T13:32:52.044940Z", "trouble": 1, "attempts": [], "language": "ja", "question": "changed", "explained": [], "file_name": null, "passed_on": false, "time_zone": "Asia/Tokyo", "candidates": [], "person_name": "佐藤 花子", "sending_now": false, "not_understood": 0, "language_chosen": false}');


--
-- Data for Name: engine_version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.engine_version VALUES ('03.04.00_50_post_add_retry_failed_job_procedure.sql');


--
-- Data for Name: events; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.events VALUES ('T0LOCAL0001:D0SATO00001:1795527171.458423', '2026-11-24 13:32:51.458423+00');
INSERT INTO public.events VALUES ('T0LOCAL0001:D0SATO00001:1795527171.680827', '2026-11-24 13:32:51.680827+00');
INSERT INTO public.events VALUES ('T0LOCAL0001:D0SATO00001:1795527171.680827:inspected:3', '2026-11-24 13:32:51.757812+00');
INSERT INTO public.events VALUES ('U0SATO00001:D0SATO00001:1795527171.714620:answer:new_certificate:yes:1795527171.796871', '2026-11-24 13:32:51.796871+00');
INSERT INTO public.events VALUES ('T0LOCAL0001:D0SMITH0001:1795527171.901567', '2026-11-24 13:32:51.901567+00');
INSERT INTO public.events VALUES ('T0LOCAL0001:D0SMITH0001:1795527171.979113', '2026-11-24 13:32:51.979113+00');
INSERT INTO public.events VALUES ('T0LOCAL0001:C0GENERAL01:1795527172.044940', '2026-11-24 13:32:52.04494+00');
INSERT INTO public.events VALUES ('T0LOCAL0001:D0SATO00001:1795527172.119203', '2026-11-24 13:32:52.119203+00');
INSERT INTO public.events VALUES ('T0LOCAL0001:D0SATO00001:1795527172.162179', '2026-11-24 13:32:52.162179+00');


--
-- Data for Name: outbox; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.outbox VALUES (1, 'T0LOCAL0001:D0SATO00001:1795527171.458423', 1001, 'say', 'D0SATO00001', '1795527171.458423', 'U0SATO00001', NULL, NULL, '2026-11-24 13:32:51.614683+00', '2026-11-24 13:32:51.622026+00', '1795527171.624083', NULL);
INSERT INTO public.outbox VALUES (2, 'T0LOCAL0001:D0SATO00001:1795527171.680827', 1001, 'say', 'D0SATO00001', '1795527171.680827', 'U0SATO00001', 'check-2', NULL, '2026-11-24 13:32:51.702336+00', '2026-11-24 13:32:51.711072+00', '1795527171.714620', NULL);
INSERT INTO public.outbox VALUES (3, 'T0LOCAL0001:D0SATO00001:1795527171.680827', 1001, 'check', 'D0SATO00001', '1795527171.680827', 'U0SATO00001', 'check-2', NULL, '2026-11-24 13:32:51.702336+00', '2026-11-24 13:32:51.757812+00', NULL, NULL);
INSERT INTO public.outbox VALUES (4, 'T0LOCAL0001:D0SATO00001:1795527171.680827', 1001, 'say', 'D0SATO00001', '1795527171.680827', 'U0SATO00001', 'check-2', NULL, '2026-11-24 13:32:51.765067+00', '2026-11-24 13:32:51.768887+00', '1795527171.714620', NULL);
INSERT INTO public.outbox VALUES (5, 'U0SATO00001:D0SATO00001:1795527171.714620:answer:new_certificate:yes:1795527171.796871', 1001, 'say', 'D0SATO00001', '1795527171.680827', 'U0SATO00001', NULL, NULL, '2026-11-24 13:32:51.870169+00', '2026-11-24 13:32:51.871187+00', '1795527171.881681', NULL);
INSERT INTO public.outbox VALUES (11, 'T0LOCAL0001:D0SATO00001:1795527172.162179', 1001, 'say', 'D0SATO00001', '1795527172.162179', 'U0SATO00001', NULL, '{"text": "すみません、答えとして読み取れませんでした。ボタンで選ぶか、そのまま言葉で書いてください。\nOutlook が使う証明書を選び直します（約 2 分）\n[解決した] [一覧に出てこない] [まだ直らない] [できなかった]\n[急ぎで送る] [担当者と話す]", "blocks": [{"type": "rich_text", "block_id": "0-a962fbf6", "elements": [{"type": "rich_text_section", "elements": [{"text": "すみません、答えとして読み取れませんでした。ボタンで選ぶか、そのまま言葉で書いてください。", "type": "text"}]}]}, {"type": "rich_text", "block_id": "1-577fdc0e", "elements": [{"type": "rich_text_section", "elements": [{"text": "Outlook が使う証明書を選び直します", "type": "text", "style": {"bold": true}}, {"text": "（約 2 分）", "type": "text"}]}]}, {"type": "actions", "block_id": "2-ff07df12", "elements": [{"text": {"text": "解決した", "type": "plain_text", "emoji": false}, "type": "button", "style": "primary", "value": "1001.1", "action_id": "ended:choose_certificate:solved"}, {"text": {"text": "一覧に出てこない", "type": "plain_text", "emoji": false}, "type": "button", "value": "1001.1", "action_id": "ended:choose_certificate:not_listed"}, {"text": {"text": "まだ直らない", "type": "plain_text", "emoji": false}, "type": "button", "value": "1001.1", "action_id": "ended:choose_certificate:not_solved"}, {"text": {"text": "できなかった", "type": "plain_text", "emoji": false}, "type": "button", "value": "1001.1", "action_id": "stopped:choose_certificate"}]}, {"type": "actions", "block_id": "3-31ca65be", "elements": [{"text": {"text": "急ぎで送る", "type": "plain_text", "emoji": false}, "type": "button", "value": "1001.1", "action_id": "send_now"}, {"text": {"text": "担当者と話す", "type": "plain_text", "emoji": false}, "type": "button", "value": "1001.1", "action_id": "person"}]}]}', '2026-11-24 13:32:52.173451+00', NULL, NULL, NULL);
INSERT INTO public.outbox VALUES (6, 'T0LOCAL0001:D0SMITH0001:1795527171.901567', 1002, 'say', 'D0SMITH0001', '1795527171.901567', 'U0SMITH0001', NULL, NULL, '2026-11-24 13:32:51.950889+00', '2026-11-24 13:32:51.959267+00', '1795527171.960394', NULL);
INSERT INTO public.outbox VALUES (7, 'T0LOCAL0001:D0SMITH0001:1795527171.979113', 1002, 'say', 'D0SMITH0001', '1795527171.979113', 'U0SMITH0001', NULL, NULL, '2026-11-24 13:32:51.994107+00', '2026-11-24 13:32:52.002236+00', '1795527172.003138', NULL);
INSERT INTO public.outbox VALUES (8, 'T0LOCAL0001:D0SMITH0001:1795527171.979113', 1002, 'open_case', 'D0SMITH0001', '1795527171.979113', 'U0SMITH0001', NULL, NULL, '2026-11-24 13:32:51.994107+00', '2026-11-24 13:32:52.009701+00', '1795527172.016675', NULL);
INSERT INTO public.outbox VALUES (10, 'T0LOCAL0001:D0SATO00001:1795527172.119203', 1001, 'say', 'D0SATO00001', '1795527172.119203', 'U0SATO00001', NULL, NULL, '2026-11-24 13:32:52.137705+00', '2026-11-24 13:32:52.141699+00', '1795527172.142769', NULL);
INSERT INTO public.outbox VALUES (9, 'T0LOCAL0001:C0GENERAL01:1795527172.044940', 1003, 'say', 'C0GENERAL01', '1795527172.044940', 'U0SATO00001', NULL, NULL, '2026-11-24 13:32:52.085433+00', '2026-11-24 13:32:52.087475+00', '1795527172.088657', NULL);


--
-- Data for Name: people; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.people VALUES ('T0LOCAL0001', 'U0SATO00001', '佐藤 花子', 'user@example.co.jp', 'ja-JP', 'Asia/Tokyo', NULL, '2026-11-24 13:32:51.545207+00', NULL);
INSERT INTO public.people VALUES ('T0LOCAL0001', 'U0SMITH0001', 'Alex Smith', 'alex@example.co.jp', 'en-US', 'Asia/Tokyo', NULL, '2026-11-24 13:32:51.923189+00', NULL);


--
-- Data for Name: procrastinate_events; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.procrastinate_events VALUES (19, 10, 'scheduled', '2126-11-24 13:32:52.183166+00');
INSERT INTO public.procrastinate_events VALUES (20, 10, 'deferred', '2026-11-24 13:32:52.183166+00');
INSERT INTO public.procrastinate_events VALUES (21, 11, 'scheduled', '2126-11-24 13:32:52.188872+00');
INSERT INTO public.procrastinate_events VALUES (22, 11, 'deferred', '2026-11-24 13:32:52.188872+00');


--
-- Data for Name: procrastinate_jobs; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.procrastinate_jobs VALUES (10, 'default', 'event', 0, 'T0LOCAL0001:U0SATO00001', NULL, '{"event": {"at": "2026-11-24T13:32:52.162179Z", "id": "T0LOCAL0001:D0SATO00001:1795527172.162179", "ts": "1795527172.162179", "kind": "message", "team": "T0LOCAL0001", "text": "まだ直りません", "files": [], "person": "U0SATO00001", "channel": "D0SATO00001", "private": true, "mentioned": false, "thread_ts": null}}', 'todo', '2126-11-24 13:32:52.183166+00', 0, false, NULL);
INSERT INTO public.procrastinate_jobs VALUES (11, 'default', 'event', 0, 'T0LOCAL0001:U0SATO00001', NULL, '{"event": {"at": "2026-11-24T13:32:52.179832Z", "id": "T0LOCAL0001:D0SATO00001:1795527172.179832", "ts": "1795527172.179832", "kind": "message", "team": "T0LOCAL0001", "text": "まだ直りません", "files": [], "person": "U0SATO00001", "channel": "D0SATO00001", "private": true, "mentioned": false, "thread_ts": null}}', 'todo', '2126-11-24 13:32:52.188872+00', 0, false, NULL);


--
-- Data for Name: procrastinate_periodic_defers; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.procrastinate_periodic_defers VALUES (1, 'erase', 1795526220, NULL, '');


--
-- Data for Name: procrastinate_workers; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.procrastinate_workers OVERRIDING SYSTEM VALUE VALUES (1, '2026-11-24 13:32:51.512704+00');


--
-- Data for Name: statuses; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: threads; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.threads VALUES ('D0SATO00001', '1795527171.458423', 'U0SATO00001', 1001);
INSERT INTO public.threads VALUES ('D0SATO00001', '1795527171.680827', 'U0SATO00001', 1001);
INSERT INTO public.threads VALUES ('D0SMITH0001', '1795527171.901567', 'U0SMITH0001', 1002);
INSERT INTO public.threads VALUES ('D0SMITH0001', '1795527171.979113', 'U0SMITH0001', 1002);
INSERT INTO public.threads VALUES ('C0GENERAL01', '1795527172.044940', 'U0SATO00001', 1003);
INSERT INTO public.threads VALUES ('D0SATO00001', '1795527172.119203', 'U0SATO00001', 1001);
INSERT INTO public.threads VALUES ('D0SATO00001', '1795527172.162179', 'U0SATO00001', 1001);


--
-- Data for Name: unmatched; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.unmatched VALUES (1, '2026-11-24 13:32:52.162179+00', 'ja', 'まだ直りません', 'none');


--
-- Name: conversation_numbers; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.conversation_numbers', 1003, true);


--
-- Name: outbox_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.outbox_id_seq', 11, true);


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_events_id_seq', 22, true);


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_jobs_id_seq', 11, true);


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_periodic_defers_id_seq', 1, true);


--
-- Name: procrastinate_workers_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_workers_id_seq', 1, true);


--
-- Name: unmatched_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.unmatched_id_seq', 1, true);


--
-- Name: alembic_version alembic_version_pkc; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);


--
-- Name: cards cards_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cards
    ADD CONSTRAINT cards_pkey PRIMARY KEY (conversation, "case");


--
-- Name: conversations conversations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_pkey PRIMARY KEY (number);


--
-- Name: events events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);


--
-- Name: people people_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (team, person);


--
-- Name: procrastinate_events procrastinate_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_jobs procrastinate_jobs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_unique; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);


--
-- Name: procrastinate_workers procrastinate_workers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);


--
-- Name: statuses statuses_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.statuses
    ADD CONSTRAINT statuses_pkey PRIMARY KEY (certificate);


--
-- Name: threads threads_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.threads
    ADD CONSTRAINT threads_pkey PRIMARY KEY (channel, thread_ts, person);


--
-- Name: unmatched unmatched_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.unmatched
    ADD CONSTRAINT unmatched_pkey PRIMARY KEY (id);


--
-- Name: conversations_of_person; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX conversations_of_person ON public.conversations USING btree (person, touched);


--
-- Name: events_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX events_by_time ON public.events USING btree (at);


--
-- Name: idx_procrastinate_jobs_worker_not_null; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));


--
-- Name: idx_procrastinate_workers_last_heartbeat; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);


--
-- Name: outbox_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_by_time ON public.outbox USING btree (made);


--
-- Name: outbox_of_conversation; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_of_conversation ON public.outbox USING btree (conversation);


--
-- Name: outbox_of_event; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_of_event ON public.outbox USING btree (event) WHERE (done IS NULL);


--
-- Name: outbox_slots; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX outbox_slots ON public.outbox USING btree (conversation, slot) WHERE (slot IS NOT NULL);


--
-- Name: procrastinate_events_job_id_fkey_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);


--
-- Name: procrastinate_jobs_id_lock_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));


--
-- Name: procrastinate_jobs_lock_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);


--
-- Name: procrastinate_jobs_priority_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);


--
-- Name: procrastinate_jobs_queue_name_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);


--
-- Name: procrastinate_jobs_queueing_lock_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);


--
-- Name: procrastinate_periodic_defers_job_id_fkey_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);


--
-- Name: statuses_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX statuses_by_time ON public.statuses USING btree (until);


--
-- Name: threads_of_conversation; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX threads_of_conversation ON public.threads USING btree (conversation);


--
-- Name: unmatched_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX unmatched_by_time ON public.unmatched USING btree (at);


--
-- Name: procrastinate_jobs procrastinate_jobs_notify_queue_job_aborted_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();


--
-- Name: procrastinate_jobs procrastinate_jobs_notify_queue_job_inserted_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_abort_requested_events_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_delete_jobs_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_scheduled_events_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_status_events_insert_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_status_events_update_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();


--
-- Name: procrastinate_jobs wake_the_next; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER wake_the_next AFTER DELETE ON public.procrastinate_jobs FOR EACH ROW WHEN ((old.lock IS NOT NULL)) EXECUTE FUNCTION public.wake_the_next();


--
-- Name: cards cards_conversation_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.cards
    ADD CONSTRAINT cards_conversation_fkey FOREIGN KEY (conversation) REFERENCES public.conversations(number) ON DELETE CASCADE;


--
-- Name: outbox outbox_conversation_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_conversation_fkey FOREIGN KEY (conversation) REFERENCES public.conversations(number) ON DELETE CASCADE;


--
-- Name: procrastinate_events procrastinate_events_job_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;


--
-- Name: procrastinate_jobs procrastinate_jobs_worker_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_job_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);


--
-- Name: threads threads_conversation_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.threads
    ADD CONSTRAINT threads_conversation_fkey FOREIGN KEY (conversation) REFERENCES public.conversations(number) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--


