namespace FollowUp.Infrastructure.Dispatch;

/// <summary>The single statement, and therefore the single transaction, that writes finished steps back.</summary>
internal sealed class CompletionStatement(
    IReadOnlyList<StepCompletion> completions,
    string node,
    LogSeals seals,
    StoredTexts texts = StoredTexts.All
)
{
    /// <summary>
    /// Locks the instances in the order of their ids, then their jobs in the same order (see <see cref="EngineDatabase"/>). PostgreSQL runs a CTE row
    /// by row as another one reads it; the count of <c>changed</c> makes it lock all instances before the first job. READ COMMITTED: a row is written
    /// only if its fence holds (job, claim number, owner) and its instance is at the revision that the step was decided on; otherwise no part of it
    /// is written. Every statement that takes a lease away also changes the revision, so <c>changed</c> and <c>written</c> always have the same
    /// count; if they ever differ, the division by zero rolls everything back. A step that is to be parked because its sequence is disabled is stale
    /// if the sequence was enabled since the claim. That check reads the sequence without a lock: closely spaced share locks would keep an update of
    /// the sequence waiting indefinitely. A step that is parked although the sequence is enabled at that moment is found by <see
    /// cref="StrandedSequences"/>. The job of the next step replaces the finished one in the same row. IN inside IS TRUE is planned as a hash lookup;
    /// without IS TRUE it would be a nested loop.
    /// </summary>
    private const string Sql = """
        WITH held AS MATERIALIZED (
          SELECT d.*, j.sequence_id
          FROM unnest(@job_id, @claim, @instance_id, @revision_from, @revision_to, @status, @stop_reason, @current_step, @attempts, @deferrals,
                      @last_error, @attention, @thread_message_id, @thread_subject, @event_count, @event_hash, @event_seal,
                      @next_id, @next_type, @next_state, @next_due_at, @next_attempt, @next_parked_at, @next_park_reason,
                      @next_wanted_at, @next_waiting_for, @next_is_first, @next_enqueued_at,
                      @attempt_id, @attempt_status, @attempt_error, @provider_message_id, @finished_at)
            AS d (job_id, claim, instance_id, revision_from, revision_to, status, stop_reason, current_step, attempts, deferrals,
                  last_error, attention, thread_message_id, thread_subject, event_count, event_hash, event_seal,
                  next_id, next_type, next_state, next_due_at, next_attempt, next_parked_at, next_park_reason,
                  next_wanted_at, next_waiting_for, next_is_first, next_enqueued_at,
                  attempt_id, attempt_status, attempt_error, provider_message_id, finished_at)
          JOIN step_job j ON j.instance_id = d.instance_id
          WHERE j.id = d.job_id AND j.attempt = d.claim AND j.owner = @owner AND j.state = 'leased'),
        parking AS MATERIALIZED (
          SELECT d.job_id, s.enabled FROM held d JOIN sequence s ON s.id = d.sequence_id
          WHERE d.next_park_reason = 'sequenceDisabled'),
        changed AS (
          UPDATE instance i
          SET status = d.status, stop_reason = d.stop_reason, current_step = d.current_step, attempts = d.attempts, deferrals = d.deferrals, last_error = d.last_error,
              attention = d.attention, thread_message_id = d.thread_message_id, thread_subject = d.thread_subject,
              event_count = d.event_count, event_hash = d.event_hash, event_seal = d.event_seal, revision = d.revision_to
          FROM held d WHERE i.id = d.instance_id AND i.revision = d.revision_from
            AND (d.job_id IN (SELECT job_id FROM parking WHERE enabled)) IS NOT TRUE
          RETURNING d.*),
        next_job AS (
          UPDATE step_job j
          SET id = d.next_id, step_index = d.current_step, step_type = d.next_type, state = d.next_state, due_at = d.next_due_at,
              attempt = d.next_attempt, owner = NULL, lease_until = NULL, parked_at = d.next_parked_at, park_reason = d.next_park_reason,
              wanted_at = d.next_wanted_at, waiting_for = d.next_waiting_for::jsonb, is_first = d.next_is_first,
              enqueued_at = d.next_enqueued_at
          FROM changed d
          WHERE j.instance_id = d.instance_id AND j.id = d.job_id AND j.attempt = d.claim AND j.owner = @owner AND d.next_id IS NOT NULL
            AND (SELECT count(*) FROM changed) > 0
          RETURNING d.job_id),
        last_job AS (
          DELETE FROM step_job j USING changed d
          WHERE j.instance_id = d.instance_id AND j.id = d.job_id AND j.attempt = d.claim AND j.owner = @owner AND d.next_id IS NULL
            AND (SELECT count(*) FROM changed) > 0
          RETURNING d.job_id),
        written AS MATERIALIZED (SELECT job_id FROM next_job UNION ALL SELECT job_id FROM last_job),
        tried AS (
          UPDATE attempt a SET status = d.attempt_status, error = d.attempt_error, provider_message_id = d.provider_message_id,
                 finished_at = d.finished_at
          FROM changed d WHERE a.id = d.attempt_id AND d.attempt_status IS NOT NULL),
        not_tried AS (
          DELETE FROM attempt a USING changed d WHERE a.id = d.attempt_id AND d.attempt_status IS NULL),
        happened AS (
          INSERT INTO follow_up_event (id, owner_id, instance_id, sequence_id, version, number, step_index, type, status, content, message_id,
                                       sent_at, actor_kind, actor_id, previous_hash, hash)
          SELECT e.id, e.owner_id, e.instance_id, e.sequence_id, e.version, e.number, e.step_index, e.type, e.status, e.content::json,
                 e.message_id, e.sent_at, e.actor_kind, e.actor_id, e.previous_hash, e.hash
          FROM unnest(@e_id, @e_owner_id, @e_instance_id, @e_sequence_id, @e_version, @e_number, @e_step_index, @e_type, @e_status, @e_content,
                      @e_message_id, @e_sent_at, @e_actor_kind, @e_actor_id, @e_previous_hash, @e_hash)
            AS e (id, owner_id, instance_id, sequence_id, version, number, step_index, type, status, content, message_id, sent_at,
                  actor_kind, actor_id, previous_hash, hash)
          WHERE (e.instance_id IN (SELECT instance_id FROM changed)) IS TRUE),
        rendered AS (
          INSERT INTO message (id, owner_id, instance_id, channel, recipient, subject, html, text, created_at)
          SELECT m.* FROM unnest(@m_id, @m_owner_id, @m_instance_id, @m_channel, @m_recipient, @m_subject, @m_html, @m_text, @m_created_at)
            AS m (id, owner_id, instance_id, channel, recipient, subject, html, text, created_at)
          WHERE (m.instance_id IN (SELECT instance_id FROM changed)) IS TRUE),
        closed AS (
          INSERT INTO suppression (id, owner_id, channel, address, reason, source, created_at)
          SELECT s.id, s.owner_id, s.channel, s.address, s.reason, 'provider', s.created_at
          FROM unnest(@s_instance_id, @s_id, @s_owner_id, @s_channel, @s_address, @s_reason, @s_created_at)
            AS s (instance_id, id, owner_id, channel, address, reason, created_at)
          WHERE (s.instance_id IN (SELECT instance_id FROM changed)) IS TRUE
          ON CONFLICT DO NOTHING)
        SELECT d.job_id, d.claim, (d.job_id IN (SELECT job_id FROM written)) IS TRUE AS written,
               1 / (((SELECT count(*) FROM changed) = (SELECT count(*) FROM written))::int)
        FROM held d
        """;

    private readonly IReadOnlyList<StepCompletion> _rows = [.. completions.OrderBy(c => c.After.Id.Value)];

    /// <returns>The result for each row, by job and claim number.</returns>
    public async Task<IReadOnlyDictionary<(Guid JobId, int Claim), WriteBack>> Execute(
        EngineDatabase engine,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await engine.Connections.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.AddWithValue("owner", node);
        AddSteps(command);
        AddEvents(command);
        AddMessages(command);
        AddSuppressions(command);

        // A claim that is no longer held returns no row. Keyed by claim: this node may have lost a job, claimed it again, and finish both claims in
        // one batch.
        var answers = _rows.ToDictionary(c => (c.Step.Fence.JobId, c.Step.Fence.Attempt), _ => WriteBack.LeaseLost);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            answers[(reader.GetGuid(0), reader.GetInt32(1))] = reader.GetBoolean(2) ? WriteBack.Done : WriteBack.Stale;
        }

        return answers;
    }

    private string? Free(string? text) => texts == StoredTexts.None ? null : text;

    private void AddSteps(NpgsqlCommand command)
    {
        Add(command, "job_id", NpgsqlDbType.Uuid, _rows, c => c.Step.Fence.JobId);
        Add(command, "claim", NpgsqlDbType.Integer, _rows, c => c.Step.Fence.Attempt);
        Add(command, "instance_id", NpgsqlDbType.Uuid, _rows, c => c.After.Id.Value);
        Add(command, "revision_from", NpgsqlDbType.Integer, _rows, c => c.Step.Revision);
        Add(command, "revision_to", NpgsqlDbType.Integer, _rows, c => c.After.Revision);
        Add(command, "status", NpgsqlDbType.Text, _rows, c => DbEnumNames.Upper(c.After.Status));
        Add(command, "stop_reason", NpgsqlDbType.Text, _rows, c => c.After.StopReason is { } r ? CamelNames.Of(r) : null);
        Add(command, "current_step", NpgsqlDbType.Integer, _rows, c => c.After.CurrentStep.Value);
        Add(command, "attempts", NpgsqlDbType.Integer, _rows, c => c.After.Attempts);
        Add(command, "deferrals", NpgsqlDbType.Integer, _rows, c => c.After.Deferrals);
        Add(command, "last_error", NpgsqlDbType.Text, _rows, c => Free(c.After.LastError));
        Add(command, "attention", NpgsqlDbType.Text, _rows, c => c.After.Attention is { } a ? CamelNames.Of(a) : null);
        Add(command, "thread_message_id", NpgsqlDbType.Text, _rows, c => c.After.ThreadMessageId);
        Add(command, "thread_subject", NpgsqlDbType.Text, _rows, c => Free(c.After.ThreadSubject));
        Add(command, "event_count", NpgsqlDbType.Integer, _rows, c => c.After.EventCount);
        Add(command, "event_hash", NpgsqlDbType.Bytea, _rows, c => c.After.EventHash);
        Add(command, "event_seal", NpgsqlDbType.Bytea, _rows, Seal);
        Add(command, "next_id", NpgsqlDbType.Uuid, _rows, c => c.After.Job?.Id);
        Add(command, "next_type", NpgsqlDbType.Text, _rows, c => c.After.Job is { } j ? DbEnumNames.Upper(j.StepType) : null);
        Add(command, "next_state", NpgsqlDbType.Text, _rows, c => c.After.Job is { } j ? DbEnumNames.Lower(j.State) : null);
        Add(command, "next_due_at", NpgsqlDbType.TimestampTz, _rows, c => c.After.Job?.DueAt.UtcDateTime);
        Add(command, "next_attempt", NpgsqlDbType.Integer, _rows, c => c.After.Job?.Attempt);
        Add(command, "next_parked_at", NpgsqlDbType.TimestampTz, _rows, c => c.After.Job?.ParkedAt?.UtcDateTime);
        Add(command, "next_park_reason", NpgsqlDbType.Text, _rows, c => c.After.Job?.ParkReason is { } p ? CamelNames.Of(p) : null);
        Add(command, "next_wanted_at", NpgsqlDbType.TimestampTz, _rows, c => c.After.Job?.WantedAt?.UtcDateTime);
        Add(command, "next_waiting_for", NpgsqlDbType.Text, _rows, c => c.After.Job is { } j ? MovesJson.Write(j.WaitingFor) : null);
        Add(command, "next_is_first", NpgsqlDbType.Boolean, _rows, c => c.After.Job?.IsFirst);
        Add(command, "next_enqueued_at", NpgsqlDbType.TimestampTz, _rows, c => c.After.Job?.EnqueuedAt.UtcDateTime);
        Add(command, "attempt_id", NpgsqlDbType.Uuid, _rows, c => c.Step.AttemptId?.Value);
        Add(command, "attempt_status", NpgsqlDbType.Text, _rows, c => c.Attempt is { } a ? DbEnumNames.Upper(a.Status) : null);
        Add(command, "attempt_error", NpgsqlDbType.Text, _rows, c => Free(c.Attempt?.Error));
        Add(command, "provider_message_id", NpgsqlDbType.Text, _rows, c => Free(c.Attempt?.ProviderMessageId));
        Add(command, "finished_at", NpgsqlDbType.TimestampTz, _rows, c => c.Now.UtcDateTime);
    }

    private byte[]? Seal(StepCompletion completion) =>
        completion.Events is [var first, ..]
            ? seals.Next(completion.After, first.Number - 1, first.PreviousHash)
            : completion.After.EventSeal;

    private void AddEvents(NpgsqlCommand command)
    {
        List<FollowUpEvent> events = [.. _rows.SelectMany(c => c.Events)];
        Add(command, "e_id", NpgsqlDbType.Uuid, events, e => e.Id);
        Add(command, "e_owner_id", NpgsqlDbType.Uuid, events, e => e.OwnerId.Value);
        Add(command, "e_instance_id", NpgsqlDbType.Uuid, events, e => e.InstanceId.Value);
        Add(command, "e_sequence_id", NpgsqlDbType.Uuid, events, e => e.SequenceId.Value);
        Add(command, "e_version", NpgsqlDbType.Integer, events, e => e.Version);
        Add(command, "e_number", NpgsqlDbType.Integer, events, e => e.Number);
        Add(command, "e_step_index", NpgsqlDbType.Integer, events, e => e.StepIndex);
        Add(command, "e_type", NpgsqlDbType.Text, events, e => e.Type.Name);
        Add(command, "e_status", NpgsqlDbType.Text, events, e => e.Status?.Name);
        Add(command, "e_content", NpgsqlDbType.Text, events, e => e.Content);
        Add(command, "e_message_id", NpgsqlDbType.Uuid, events, e => e.MessageId);
        Add(command, "e_sent_at", NpgsqlDbType.TimestampTz, events, e => e.SentAt.UtcDateTime);
        Add(command, "e_actor_kind", NpgsqlDbType.Text, events, e => CamelNames.Of(e.Actor.Kind));
        Add(command, "e_actor_id", NpgsqlDbType.Uuid, events, e => e.Actor.Id);
        Add(command, "e_previous_hash", NpgsqlDbType.Bytea, events, e => e.PreviousHash);
        Add(command, "e_hash", NpgsqlDbType.Bytea, events, e => e.Hash);
    }

    private void AddMessages(NpgsqlCommand command)
    {
        List<Message> messages = texts == StoredTexts.All ? [.. _rows.Select(c => c.Message).OfType<Message>()] : [];
        Add(command, "m_id", NpgsqlDbType.Uuid, messages, m => m.Id);
        Add(command, "m_owner_id", NpgsqlDbType.Uuid, messages, m => m.OwnerId.Value);
        Add(command, "m_instance_id", NpgsqlDbType.Uuid, messages, m => m.InstanceId.Value);
        Add(command, "m_channel", NpgsqlDbType.Text, messages, m => DbEnumNames.Upper(m.Channel));
        Add(command, "m_recipient", NpgsqlDbType.Text, messages, m => m.Recipient);
        Add(command, "m_subject", NpgsqlDbType.Text, messages, m => m.Subject);
        Add(command, "m_html", NpgsqlDbType.Text, messages, m => m.Html);
        Add(command, "m_text", NpgsqlDbType.Text, messages, m => m.Text);
        Add(command, "m_created_at", NpgsqlDbType.TimestampTz, messages, m => m.CreatedAt.UtcDateTime);
    }

    private void AddSuppressions(NpgsqlCommand command)
    {
        List<StepCompletion> closing = [.. _rows.Where(c => c.Suppression is not null)];
        Add(command, "s_instance_id", NpgsqlDbType.Uuid, closing, c => c.After.Id.Value);
        Add(command, "s_id", NpgsqlDbType.Uuid, closing, c => c.Suppression!.Id);
        Add(command, "s_owner_id", NpgsqlDbType.Uuid, closing, c => c.Suppression!.OwnerId.Value);
        Add(command, "s_channel", NpgsqlDbType.Text, closing, c => DbEnumNames.Upper(c.Suppression!.Channel));
        Add(command, "s_address", NpgsqlDbType.Text, closing, c => c.Suppression!.Address);
        Add(command, "s_reason", NpgsqlDbType.Text, closing, c => CamelNames.Of(c.Suppression!.Reason));
        Add(command, "s_created_at", NpgsqlDbType.TimestampTz, closing, c => c.Suppression!.CreatedAt.UtcDateTime);
    }

    private static void Add<TRow, TValue>(
        NpgsqlCommand command,
        string name,
        NpgsqlDbType type,
        IReadOnlyList<TRow> rows,
        Func<TRow, TValue> value
    ) => command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = rows.Select(value).ToArray() });
}
