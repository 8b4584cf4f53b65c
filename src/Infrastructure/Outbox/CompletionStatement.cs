using FollowUp.Application.Dispatch;
using FollowUp.Domain.Instances;
using FollowUp.Infrastructure.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace FollowUp.Infrastructure.Outbox;

/// <summary>The one statement, and so the one transaction, that writes finished steps back.</summary>
internal sealed class CompletionStatement(IReadOnlyList<StepCompletion> completions, string node)
{
    /// <summary>
    /// Locks the instances (in the order of their jobs), then their jobs: the same order as everybody else's. A row is written only when its
    /// fence holds (job, claim number, owner) and its instance is at the revision that the step was decided on; else none of its parts is.
    /// Whoever takes a lease away changes the revision too, so <c>changed</c> and <c>removed</c> always agree; should they ever not, the
    /// division by zero takes everything back. A step that is to be parked because its sequence is disabled locks the sequence as well (before
    /// the instance, as whoever enables it does): were it enabled since the claim, its release would be over, and the job parked for ever.
    /// </summary>
    private const string Sql = """
        WITH input AS MATERIALIZED (
          SELECT * FROM unnest(@job_id, @claim, @instance_id, @revision_from, @revision_to, @status, @stop_reason, @current_step, @attempts,
                               @last_error, @attention, @thread_message_id, @thread_subject, @event_count, @event_hash,
                               @next_id, @next_type, @next_state, @next_due_at, @next_attempt, @next_parked_at, @next_park_reason, @next_wanted_at, @next_waiting_for, @next_is_first,
                               @attempt_id, @attempt_status, @attempt_error, @provider_message_id, @finished_at)
            AS t (job_id, claim, instance_id, revision_from, revision_to, status, stop_reason, current_step, attempts,
                  last_error, attention, thread_message_id, thread_subject, event_count, event_hash,
                  next_id, next_type, next_state, next_due_at, next_attempt, next_parked_at, next_park_reason, next_wanted_at, next_waiting_for, next_is_first,
                  attempt_id, attempt_status, attempt_error, provider_message_id, finished_at)),
        held AS MATERIALIZED (
          SELECT d.* FROM input d JOIN step_job j ON j.id = d.job_id
          WHERE j.attempt = d.claim AND j.owner = @owner AND j.state = 'leased'),
        parking AS MATERIALIZED (
          SELECT d.job_id, s.enabled FROM held d JOIN step_job j ON j.id = d.job_id JOIN sequence s ON s.id = j.sequence_id
          WHERE d.next_park_reason = 'sequenceDisabled' FOR SHARE OF s),
        changed AS (
          UPDATE instance i
          SET status = d.status, stop_reason = d.stop_reason, current_step = d.current_step, attempts = d.attempts, last_error = d.last_error,
              attention = d.attention, thread_message_id = d.thread_message_id, thread_subject = d.thread_subject, event_count = d.event_count, event_hash = d.event_hash, revision = d.revision_to
          FROM held d WHERE i.id = d.instance_id AND i.revision = d.revision_from
            AND NOT EXISTS (SELECT 1 FROM parking p WHERE p.job_id = d.job_id AND p.enabled)
          RETURNING i.id, i.owner_id, i.sequence_id),
        removed AS (
          DELETE FROM step_job j USING held d, changed c
          WHERE c.id = d.instance_id AND j.id = d.job_id AND j.attempt = d.claim AND j.owner = @owner AND j.state = 'leased'
          RETURNING j.id AS job_id, j.instance_id, j.owner_id, j.sequence_id),
        next_job AS (
          INSERT INTO step_job (id, instance_id, owner_id, sequence_id, step_index, step_type, state, due_at, attempt, parked_at, park_reason,
                                wanted_at, waiting_for, is_first)
          SELECT d.next_id, r.instance_id, r.owner_id, r.sequence_id, d.current_step, d.next_type, d.next_state, d.next_due_at, d.next_attempt,
                 d.next_parked_at, d.next_park_reason, d.next_wanted_at, d.next_waiting_for::jsonb, d.next_is_first
          FROM removed r JOIN input d USING (job_id) WHERE d.next_id IS NOT NULL),
        tried AS (
          UPDATE attempt a SET status = d.attempt_status, error = d.attempt_error, provider_message_id = d.provider_message_id,
                 finished_at = d.finished_at
          FROM removed r JOIN input d USING (job_id) WHERE a.id = d.attempt_id AND d.attempt_status IS NOT NULL),
        not_tried AS (
          DELETE FROM attempt a USING removed r JOIN input d USING (job_id) WHERE a.id = d.attempt_id AND d.attempt_status IS NULL),
        happened AS (
          INSERT INTO follow_up_event (id, owner_id, instance_id, sequence_id, version, number, step_index, type, status, content, message_id,
                                       sent_at, previous_hash, hash)
          SELECT e.id, r.owner_id, r.instance_id, r.sequence_id, e.version, e.number, e.step_index, e.type, e.status, e.content::json,
                 e.message_id, e.sent_at, e.previous_hash, e.hash
          FROM removed r JOIN unnest(@e_job, @e_id, @e_version, @e_number, @e_step_index, @e_type, @e_status, @e_content, @e_message_id,
                                     @e_sent_at, @e_previous_hash, @e_hash)
            AS e (job_id, id, version, number, step_index, type, status, content, message_id, sent_at, previous_hash, hash) USING (job_id)),
        rendered AS (
          INSERT INTO message (id, owner_id, instance_id, channel, recipient, subject, html, text, created_at)
          SELECT m.id, r.owner_id, r.instance_id, m.channel, m.recipient, m.subject, m.html, m.text, m.created_at
          FROM removed r JOIN unnest(@m_job, @m_id, @m_channel, @m_recipient, @m_subject, @m_html, @m_text, @m_created_at)
            AS m (job_id, id, channel, recipient, subject, html, text, created_at) USING (job_id)),
        closed AS (
          INSERT INTO suppression (id, owner_id, channel, address, reason, created_at)
          SELECT s.id, r.owner_id, s.channel, s.address, s.reason, s.created_at
          FROM removed r JOIN unnest(@s_job, @s_id, @s_channel, @s_address, @s_reason, @s_created_at)
            AS s (job_id, id, channel, address, reason, created_at) USING (job_id)
          ON CONFLICT DO NOTHING)
        SELECT d.job_id, r.job_id IS NOT NULL AS written, h.job_id IS NOT NULL AS is_held,
               1 / (((SELECT count(*) FROM changed) = (SELECT count(*) FROM removed))::int)
        FROM input d LEFT JOIN removed r USING (job_id) LEFT JOIN held h USING (job_id)
        """;

    private readonly IReadOnlyList<StepCompletion> _rows = [.. completions.OrderBy(c => c.Step.Fence.JobId)];

    /// <summary>Writes the rows back.</summary>
    /// <param name="dataSource">Where to.</param>
    /// <param name="cancellationToken">Ends the wait; whether it was written is then unknown.</param>
    /// <returns>What became of each, by job.</returns>
    public async Task<IReadOnlyDictionary<Guid, WriteBack>> Execute(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Sql);
        command.Parameters.AddWithValue("owner", node);
        AddSteps(command);
        AddEvents(command);
        AddMessages(command);
        AddSuppressions(command);

        Dictionary<Guid, WriteBack> answers = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            answers[reader.GetGuid(0)] =
                reader.GetBoolean(1) ? WriteBack.Done
                : reader.GetBoolean(2) ? WriteBack.Stale
                : WriteBack.LeaseLost;
        }

        return answers;
    }

    private void AddSteps(NpgsqlCommand command)
    {
        Add(command, "job_id", NpgsqlDbType.Uuid, _rows, c => c.Step.Fence.JobId);
        Add(command, "claim", NpgsqlDbType.Integer, _rows, c => c.Step.Fence.Attempt);
        Add(command, "instance_id", NpgsqlDbType.Uuid, _rows, c => c.After.Id.Value);
        Add(command, "revision_from", NpgsqlDbType.Integer, _rows, c => c.Step.Revision);
        Add(command, "revision_to", NpgsqlDbType.Integer, _rows, c => c.After.Revision);
        Add(command, "status", NpgsqlDbType.Text, _rows, c => TableWords.Upper(c.After.Status));
        Add(command, "stop_reason", NpgsqlDbType.Text, _rows, c => c.After.StopReason is { } r ? TableWords.Camel(r) : null);
        Add(command, "current_step", NpgsqlDbType.Integer, _rows, c => c.After.CurrentStep.Value);
        Add(command, "attempts", NpgsqlDbType.Integer, _rows, c => c.After.Attempts);
        Add(command, "last_error", NpgsqlDbType.Text, _rows, c => c.After.LastError);
        Add(command, "attention", NpgsqlDbType.Text, _rows, c => c.After.Attention is { } a ? TableWords.Camel(a) : null);
        Add(command, "thread_message_id", NpgsqlDbType.Text, _rows, c => c.After.ThreadMessageId);
        Add(command, "thread_subject", NpgsqlDbType.Text, _rows, c => c.After.ThreadSubject);
        Add(command, "event_count", NpgsqlDbType.Integer, _rows, c => c.After.EventCount);
        Add(command, "event_hash", NpgsqlDbType.Bytea, _rows, c => c.After.EventHash);
        Add(command, "next_id", NpgsqlDbType.Uuid, _rows, c => c.After.Job?.Id);
        Add(command, "next_type", NpgsqlDbType.Text, _rows, c => c.After.Job is { } j ? TableWords.Upper(j.StepType) : null);
        Add(command, "next_state", NpgsqlDbType.Text, _rows, c => c.After.Job is { } j ? TableWords.Lower(j.State) : null);
        Add(command, "next_due_at", NpgsqlDbType.TimestampTz, _rows, c => c.After.Job?.DueAt.UtcDateTime);
        Add(command, "next_attempt", NpgsqlDbType.Integer, _rows, c => c.After.Job?.Attempt);
        Add(command, "next_parked_at", NpgsqlDbType.TimestampTz, _rows, c => c.After.Job?.ParkedAt?.UtcDateTime);
        Add(command, "next_park_reason", NpgsqlDbType.Text, _rows, c => c.After.Job?.ParkReason is { } p ? TableWords.Camel(p) : null);
        Add(command, "next_wanted_at", NpgsqlDbType.TimestampTz, _rows, c => c.After.Job?.WantedAt?.UtcDateTime);
        Add(command, "next_waiting_for", NpgsqlDbType.Text, _rows, c => c.After.Job is { } j ? MovesJson.Write(j.WaitingFor) : null);
        Add(command, "next_is_first", NpgsqlDbType.Boolean, _rows, c => c.After.Job?.IsFirst);
        Add(command, "attempt_id", NpgsqlDbType.Uuid, _rows, c => c.Step.AttemptId?.Value);
        Add(command, "attempt_status", NpgsqlDbType.Text, _rows, c => c.Handed is { } h ? TableWords.Upper(h.Status) : null);
        Add(command, "attempt_error", NpgsqlDbType.Text, _rows, c => c.Handed?.Error);
        Add(command, "provider_message_id", NpgsqlDbType.Text, _rows, c => c.Handed?.ProviderMessageId);
        Add(command, "finished_at", NpgsqlDbType.TimestampTz, _rows, c => c.Now.UtcDateTime);
    }

    private void AddEvents(NpgsqlCommand command)
    {
        List<(Guid Job, FollowUpEvent Event)> events = [.. _rows.SelectMany(c => c.Events.Select(e => (c.Step.Fence.JobId, e)))];
        Add(command, "e_job", NpgsqlDbType.Uuid, events, e => e.Job);
        Add(command, "e_id", NpgsqlDbType.Uuid, events, e => e.Event.Id);
        Add(command, "e_version", NpgsqlDbType.Integer, events, e => e.Event.Version);
        Add(command, "e_number", NpgsqlDbType.Integer, events, e => e.Event.Number);
        Add(command, "e_step_index", NpgsqlDbType.Integer, events, e => e.Event.StepIndex);
        Add(command, "e_type", NpgsqlDbType.Text, events, e => e.Event.Type);
        Add(command, "e_status", NpgsqlDbType.Text, events, e => e.Event.Status);
        Add(command, "e_content", NpgsqlDbType.Text, events, e => e.Event.Content);
        Add(command, "e_message_id", NpgsqlDbType.Uuid, events, e => e.Event.MessageId);
        Add(command, "e_sent_at", NpgsqlDbType.TimestampTz, events, e => e.Event.SentAt.UtcDateTime);
        Add(command, "e_previous_hash", NpgsqlDbType.Bytea, events, e => e.Event.PreviousHash);
        Add(command, "e_hash", NpgsqlDbType.Bytea, events, e => e.Event.Hash);
    }

    private void AddMessages(NpgsqlCommand command)
    {
        List<(Guid Job, Message Message)> messages =
        [
            .. _rows.Where(c => c.Message is not null).Select(c => (c.Step.Fence.JobId, c.Message!)),
        ];
        Add(command, "m_job", NpgsqlDbType.Uuid, messages, m => m.Job);
        Add(command, "m_id", NpgsqlDbType.Uuid, messages, m => m.Message.Id);
        Add(command, "m_channel", NpgsqlDbType.Text, messages, m => TableWords.Upper(m.Message.Channel));
        Add(command, "m_recipient", NpgsqlDbType.Text, messages, m => m.Message.Recipient);
        Add(command, "m_subject", NpgsqlDbType.Text, messages, m => m.Message.Subject);
        Add(command, "m_html", NpgsqlDbType.Text, messages, m => m.Message.Html);
        Add(command, "m_text", NpgsqlDbType.Text, messages, m => m.Message.Text);
        Add(command, "m_created_at", NpgsqlDbType.TimestampTz, messages, m => m.Message.CreatedAt.UtcDateTime);
    }

    private void AddSuppressions(NpgsqlCommand command)
    {
        List<(Guid Job, Domain.Suppressions.Suppression Closed)> closed =
        [
            .. _rows.Where(c => c.Suppression is not null).Select(c => (c.Step.Fence.JobId, c.Suppression!)),
        ];
        Add(command, "s_job", NpgsqlDbType.Uuid, closed, s => s.Job);
        Add(command, "s_id", NpgsqlDbType.Uuid, closed, s => s.Closed.Id);
        Add(command, "s_channel", NpgsqlDbType.Text, closed, s => TableWords.Upper(s.Closed.Channel));
        Add(command, "s_address", NpgsqlDbType.Text, closed, s => s.Closed.Address);
        Add(command, "s_reason", NpgsqlDbType.Text, closed, s => TableWords.Camel(s.Closed.Reason));
        Add(command, "s_created_at", NpgsqlDbType.TimestampTz, closed, s => s.Closed.CreatedAt.UtcDateTime);
    }

    private static void Add<TRow, TValue>(
        NpgsqlCommand command,
        string name,
        NpgsqlDbType type,
        IReadOnlyList<TRow> rows,
        Func<TRow, TValue> value
    ) => command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = rows.Select(value).ToArray() });
}
