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
    /// How long the statement waits for a lock, such as one on a suppression that another transaction is storing. It writes for all owners, so each
    /// of them waits meanwhile.
    /// </summary>
    private const string LockTimeout = "1s";

    /// <summary>Applies to the transaction, which is the batch of this statement and <see cref="Sql"/>.</summary>
    private const string LimitSql = $"SELECT set_config('lock_timeout', '{LockTimeout}', true)";

    /// <summary>
    /// Locks the instances in the order of their ids and skips locked ones: a mass change or a forgotten session that holds one owner's instance must
    /// not delay the steps of all others. Then locks their jobs in the same order (see <see cref="EngineDatabase"/>). PostgreSQL runs a CTE row by
    /// row as another one reads it; the count of <c>changed</c> makes it lock all instances before the first job. READ COMMITTED: a row is written
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
          JOIN instance i ON i.id = d.instance_id
          WHERE j.id = d.job_id AND j.attempt = d.claim AND j.owner = @owner AND j.state = 'leased'
          FOR NO KEY UPDATE OF i SKIP LOCKED),
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

    /// <summary>Locks nothing. The claims that are still held, among those of which <see cref="Sql"/> returned no row.</summary>
    private const string HeldSql = """
        SELECT j.id, j.attempt
        FROM unnest(@instance_id, @job_id, @claim) AS d (instance_id, job_id, claim) JOIN step_job j ON j.instance_id = d.instance_id
        WHERE j.id = d.job_id AND j.attempt = d.claim AND j.owner = @owner AND j.state = 'leased'
        """;

    private readonly IReadOnlyList<StepCompletion> _rows = [.. completions.OrderBy(c => c.After.Id.Value)];

    /// <returns>
    /// The result for each row, by job and claim number. Null: another transaction has locked the instance, and nothing was written.
    /// </returns>
    public async Task<IReadOnlyDictionary<(Guid JobId, int Claim), WriteBack?>> Execute(
        EngineDatabase engine,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await engine.Connections.OpenConnectionAsync(cancellationToken);
        // Keyed by claim: this node may have lost a job, claimed it again, and finish both claims in one batch.
        Dictionary<(Guid JobId, int Claim), WriteBack?> answers = new(_rows.Count);
        await Write(connection, answers, cancellationToken);
        if (answers.Count < _rows.Count)
        {
            await AnswerMissing(connection, answers, cancellationToken);
        }

        return answers;
    }

    private async Task Write(
        NpgsqlConnection connection,
        Dictionary<(Guid JobId, int Claim), WriteBack?> answers,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(LimitSql), new(Sql) } };
        var parameters = batch.BatchCommands[1].Parameters;
        parameters.AddWithValue("owner", node);
        AddSteps(parameters);
        AddEvents(parameters);
        AddMessages(parameters);
        AddSuppressions(parameters);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            answers[(reader.GetGuid(0), reader.GetInt32(1))] = reader.GetBoolean(2) ? WriteBack.Done : WriteBack.Stale;
        }
    }

    /// <summary>A row without a result: its claim is no longer held, or its instance is locked.</summary>
    private async Task AnswerMissing(
        NpgsqlConnection connection,
        Dictionary<(Guid JobId, int Claim), WriteBack?> answers,
        CancellationToken cancellationToken
    )
    {
        List<StepCompletion> missing = [.. _rows.Where(c => !answers.ContainsKey((c.Step.Fence.JobId, c.Step.Fence.Attempt)))];
        missing.ForEach(c => answers[(c.Step.Fence.JobId, c.Step.Fence.Attempt)] = WriteBack.LeaseLost);
        await using var command = new NpgsqlCommand(HeldSql, connection);
        command.Parameters.AddWithValue("owner", node);
        Add(command.Parameters, "instance_id", NpgsqlDbType.Uuid, missing, c => c.After.Id.Value);
        Add(command.Parameters, "job_id", NpgsqlDbType.Uuid, missing, c => c.Step.Fence.JobId);
        Add(command.Parameters, "claim", NpgsqlDbType.Integer, missing, c => c.Step.Fence.Attempt);
        foreach (var held in await command.ReadAll(reader => (reader.GetGuid(0), reader.GetInt32(1)), cancellationToken))
        {
            answers[held] = null;
        }
    }

    private string? Free(string? text) => texts == StoredTexts.None ? null : text;

    private void AddSteps(NpgsqlParameterCollection parameters)
    {
        Add(parameters, "job_id", NpgsqlDbType.Uuid, _rows, c => c.Step.Fence.JobId);
        Add(parameters, "claim", NpgsqlDbType.Integer, _rows, c => c.Step.Fence.Attempt);
        Add(parameters, "instance_id", NpgsqlDbType.Uuid, _rows, c => c.After.Id.Value);
        Add(parameters, "revision_from", NpgsqlDbType.Integer, _rows, c => c.Step.Revision);
        Add(parameters, "revision_to", NpgsqlDbType.Integer, _rows, c => c.After.Revision);
        Add(parameters, "status", NpgsqlDbType.Text, _rows, c => DbEnumNames.Upper(c.After.Status));
        Add(parameters, "stop_reason", NpgsqlDbType.Text, _rows, c => c.After.StopReason is { } r ? CamelNames.Of(r) : null);
        Add(parameters, "current_step", NpgsqlDbType.Integer, _rows, c => c.After.CurrentStep.Value);
        Add(parameters, "attempts", NpgsqlDbType.Integer, _rows, c => c.After.Attempts);
        Add(parameters, "deferrals", NpgsqlDbType.Integer, _rows, c => c.After.Deferrals);
        Add(parameters, "last_error", NpgsqlDbType.Text, _rows, c => Free(c.After.LastError));
        Add(parameters, "attention", NpgsqlDbType.Text, _rows, c => c.After.Attention is { } a ? CamelNames.Of(a) : null);
        Add(parameters, "thread_message_id", NpgsqlDbType.Text, _rows, c => c.After.ThreadMessageId);
        Add(parameters, "thread_subject", NpgsqlDbType.Text, _rows, c => Free(c.After.ThreadSubject));
        Add(parameters, "event_count", NpgsqlDbType.Integer, _rows, c => c.After.EventCount);
        Add(parameters, "event_hash", NpgsqlDbType.Bytea, _rows, c => c.After.EventHash);
        Add(parameters, "event_seal", NpgsqlDbType.Bytea, _rows, Seal);
        Add(parameters, "next_id", NpgsqlDbType.Uuid, _rows, c => c.After.Job?.Id);
        Add(parameters, "next_type", NpgsqlDbType.Text, _rows, c => c.After.Job is { } j ? DbEnumNames.Upper(j.StepType) : null);
        Add(parameters, "next_state", NpgsqlDbType.Text, _rows, c => c.After.Job is { } j ? DbEnumNames.Lower(j.State) : null);
        Add(parameters, "next_due_at", NpgsqlDbType.TimestampTz, _rows, c => c.After.Job?.DueAt.UtcDateTime);
        Add(parameters, "next_attempt", NpgsqlDbType.Integer, _rows, c => c.After.Job?.Attempt);
        Add(parameters, "next_parked_at", NpgsqlDbType.TimestampTz, _rows, c => c.After.Job?.ParkedAt?.UtcDateTime);
        Add(parameters, "next_park_reason", NpgsqlDbType.Text, _rows, c => c.After.Job?.ParkReason is { } p ? CamelNames.Of(p) : null);
        Add(parameters, "next_wanted_at", NpgsqlDbType.TimestampTz, _rows, c => c.After.Job?.WantedAt?.UtcDateTime);
        Add(parameters, "next_waiting_for", NpgsqlDbType.Text, _rows, c => c.After.Job is { } j ? MovesJson.Write(j.WaitingFor) : null);
        Add(parameters, "next_is_first", NpgsqlDbType.Boolean, _rows, c => c.After.Job?.IsFirst);
        Add(parameters, "next_enqueued_at", NpgsqlDbType.TimestampTz, _rows, c => c.After.Job?.EnqueuedAt.UtcDateTime);
        Add(parameters, "attempt_id", NpgsqlDbType.Uuid, _rows, c => c.Step.AttemptId?.Value);
        Add(parameters, "attempt_status", NpgsqlDbType.Text, _rows, c => c.Attempt is { } a ? DbEnumNames.Upper(a.Status) : null);
        Add(parameters, "attempt_error", NpgsqlDbType.Text, _rows, c => Free(c.Attempt?.Error));
        Add(parameters, "provider_message_id", NpgsqlDbType.Text, _rows, c => Free(c.Attempt?.ProviderMessageId));
        Add(parameters, "finished_at", NpgsqlDbType.TimestampTz, _rows, c => c.Now.UtcDateTime);
    }

    private byte[]? Seal(StepCompletion completion) =>
        completion.Events is [var first, ..]
            ? seals.Next(completion.After, first.Number - 1, first.PreviousHash)
            : completion.After.EventSeal;

    private void AddEvents(NpgsqlParameterCollection parameters)
    {
        List<FollowUpEvent> events = [.. _rows.SelectMany(c => c.Events)];
        Add(parameters, "e_id", NpgsqlDbType.Uuid, events, e => e.Id);
        Add(parameters, "e_owner_id", NpgsqlDbType.Uuid, events, e => e.OwnerId.Value);
        Add(parameters, "e_instance_id", NpgsqlDbType.Uuid, events, e => e.InstanceId.Value);
        Add(parameters, "e_sequence_id", NpgsqlDbType.Uuid, events, e => e.SequenceId.Value);
        Add(parameters, "e_version", NpgsqlDbType.Integer, events, e => e.Version);
        Add(parameters, "e_number", NpgsqlDbType.Integer, events, e => e.Number);
        Add(parameters, "e_step_index", NpgsqlDbType.Integer, events, e => e.StepIndex);
        Add(parameters, "e_type", NpgsqlDbType.Text, events, e => e.Type.Name);
        Add(parameters, "e_status", NpgsqlDbType.Text, events, e => e.Status?.Name);
        Add(parameters, "e_content", NpgsqlDbType.Text, events, e => e.Content);
        Add(parameters, "e_message_id", NpgsqlDbType.Uuid, events, e => e.MessageId);
        Add(parameters, "e_sent_at", NpgsqlDbType.TimestampTz, events, e => e.SentAt.UtcDateTime);
        Add(parameters, "e_actor_kind", NpgsqlDbType.Text, events, e => CamelNames.Of(e.Actor.Kind));
        Add(parameters, "e_actor_id", NpgsqlDbType.Uuid, events, e => e.Actor.Id);
        Add(parameters, "e_previous_hash", NpgsqlDbType.Bytea, events, e => e.PreviousHash);
        Add(parameters, "e_hash", NpgsqlDbType.Bytea, events, e => e.Hash);
    }

    private void AddMessages(NpgsqlParameterCollection parameters)
    {
        List<Message> messages = texts == StoredTexts.All ? [.. _rows.Select(c => c.Message).OfType<Message>()] : [];
        Add(parameters, "m_id", NpgsqlDbType.Uuid, messages, m => m.Id);
        Add(parameters, "m_owner_id", NpgsqlDbType.Uuid, messages, m => m.OwnerId.Value);
        Add(parameters, "m_instance_id", NpgsqlDbType.Uuid, messages, m => m.InstanceId.Value);
        Add(parameters, "m_channel", NpgsqlDbType.Text, messages, m => DbEnumNames.Upper(m.Channel));
        Add(parameters, "m_recipient", NpgsqlDbType.Text, messages, m => m.Recipient);
        Add(parameters, "m_subject", NpgsqlDbType.Text, messages, m => m.Subject);
        Add(parameters, "m_html", NpgsqlDbType.Text, messages, m => m.Html);
        Add(parameters, "m_text", NpgsqlDbType.Text, messages, m => m.Text);
        Add(parameters, "m_created_at", NpgsqlDbType.TimestampTz, messages, m => m.CreatedAt.UtcDateTime);
    }

    private void AddSuppressions(NpgsqlParameterCollection parameters)
    {
        List<StepCompletion> closing = [.. _rows.Where(c => c.Suppression is not null)];
        Add(parameters, "s_instance_id", NpgsqlDbType.Uuid, closing, c => c.After.Id.Value);
        Add(parameters, "s_id", NpgsqlDbType.Uuid, closing, c => c.Suppression!.Id);
        Add(parameters, "s_owner_id", NpgsqlDbType.Uuid, closing, c => c.Suppression!.OwnerId.Value);
        Add(parameters, "s_channel", NpgsqlDbType.Text, closing, c => DbEnumNames.Upper(c.Suppression!.Channel));
        Add(parameters, "s_address", NpgsqlDbType.Text, closing, c => c.Suppression!.Address);
        Add(parameters, "s_reason", NpgsqlDbType.Text, closing, c => CamelNames.Of(c.Suppression!.Reason));
        Add(parameters, "s_created_at", NpgsqlDbType.TimestampTz, closing, c => c.Suppression!.CreatedAt.UtcDateTime);
    }

    private static void Add<TRow, TValue>(
        NpgsqlParameterCollection parameters,
        string name,
        NpgsqlDbType type,
        IReadOnlyList<TRow> rows,
        Func<TRow, TValue> value
    ) => parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = rows.Select(value).ToArray() });
}
