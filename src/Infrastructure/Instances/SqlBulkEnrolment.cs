namespace FollowUp.Infrastructure.Instances;

/// <summary>Stores a batch of enrolments with one statement, in one transaction.</summary>
internal sealed class SqlBulkEnrolment(
    FollowUpDbContext db,
    ICaller caller,
    NpgsqlDataSource dataSource,
    WakeUp wakeUp,
    LogSeals seals,
    TimeProvider time
) : IBulkEnrolment
{
    /// <summary>
    /// Locks the sequence against being deleted, as a single enrolment does; it may be disabled meanwhile, which the claim checks. ON CONFLICT DO
    /// NOTHING waits for a concurrent enrolment of the same person and then skips the row, so no person is enrolled twice and one row does not fail
    /// the others.
    /// </summary>
    private const string Sql = """
        WITH open AS MATERIALIZED (
          SELECT id, owner_id FROM sequence WHERE id = @sequence_id AND owner_id = @owner_id AND enabled FOR KEY SHARE),
        input AS MATERIALIZED (
          SELECT t.*, EXISTS (SELECT 1 FROM suppression x
                              WHERE x.owner_id = @owner_id AND x.channel = 'EMAIL' AND x.address = lower(t.email)) AS suppressed
          FROM open, unnest(@id, @email, @name, @first_name, @last_name, @phone, @time_zone, @variables, @offer_id, @enrolled_at, @event_hash,
                            @job_id, @due_at, @wanted_at, @waiting_for, @event_id, @previous_hash, @event_seal)
            AS t (id, email, name, first_name, last_name, phone, time_zone, variables, offer_id, enrolled_at, event_hash, job_id, due_at, wanted_at, waiting_for, event_id, previous_hash, event_seal)),
        enrolled AS (
          INSERT INTO instance (id, owner_id, sequence_id, sequence_version_id, version, email, name, first_name, last_name, phone, time_zone, variables, offer_id,
                                status, current_step, attempts, enrolled_at, event_count, event_hash, event_seal, revision)
          SELECT d.id, @owner_id, @sequence_id, @version_id, @version, d.email, d.name, d.first_name, d.last_name, d.phone, d.time_zone, d.variables::jsonb, d.offer_id,
                 'ACTIVE', 0, 0, d.enrolled_at, 1, d.event_hash, d.event_seal, 1
          FROM input d WHERE NOT d.suppressed
          ON CONFLICT DO NOTHING
          RETURNING id),
        job AS (
          INSERT INTO step_job (id, instance_id, owner_id, sequence_id, step_index, step_type, state, due_at, attempt, wanted_at,
                                waiting_for, is_first, enqueued_at)
          SELECT d.job_id, d.id, @owner_id, @sequence_id, 0, @step_type, 'ready', d.due_at, 0, d.wanted_at, d.waiting_for::jsonb, @is_first,
                 d.enrolled_at
          FROM input d JOIN enrolled USING (id)),
        happened AS (
          INSERT INTO follow_up_event (id, owner_id, instance_id, sequence_id, version, number, type, content, sent_at, actor_kind, actor_id,
                                       previous_hash, hash)
          SELECT d.event_id, @owner_id, d.id, @sequence_id, @version, 1, @event_type, @event_content::json, d.enrolled_at, @actor_kind, @actor_id,
                 d.previous_hash, d.event_hash
          FROM input d JOIN enrolled USING (id))
        SELECT d.id, d.suppressed, e.id IS NOT NULL OR EXISTS (SELECT 1 FROM instance own WHERE own.id = d.id) AS enrolled
        FROM input d LEFT JOIN enrolled e USING (id)
        """;

    /// <summary>
    /// Predicts the result of <see cref="Sql"/>: the same suppressions, and the unique index's own condition. Locks nothing, so the result is only
    /// valid at the time of its snapshot.
    /// </summary>
    private const string CheckSql = """
        SELECT EXISTS (SELECT 1 FROM suppression x
                       WHERE x.owner_id = @owner_id AND x.channel = 'EMAIL' AND x.address = lower(t.email)) AS suppressed,
               EXISTS (SELECT 1 FROM instance i
                       WHERE i.sequence_id = @sequence_id AND i.email_key = lower(t.email) AND i.status IN ('ACTIVE', 'PAUSED')) AS enrolled
        FROM unnest(@email) WITH ORDINALITY AS t (email, place)
        ORDER BY t.place
        """;

    public async Task<Sequence?> Find(SequenceId id, CancellationToken cancellationToken)
    {
        var owner = caller.OwnerId;
        return
            await db.Sequences.SingleOrDefaultAsync(s => s.Id == id && s.OwnerId == owner && s.DeletedAt == null, cancellationToken)
                is { } sequence
            ? await sequence.WithCurrentVersion(db, cancellationToken)
            : null;
    }

    public async Task<IReadOnlyList<BulkOutcome>> Store(IReadOnlyList<Instance> instances, CancellationToken cancellationToken)
    {
        var rows = instances.Select(i => (Instance: i, Event: (FollowUpEvent)i.TakeEvents().Single())).ToList();
        for (var run = 1; ; run++)
        {
            try
            {
                var outcomes = await StoreOnce(rows, cancellationToken);
                wakeUp.All();
                return outcomes.Count == 0
                    ? await StoredBefore([.. instances.Select(i => i.Id)], cancellationToken)
                    : [.. instances.Select(i => outcomes[i.Id.Value])];
            }
            catch (Exception failure) when (run < 5 && PostgresFailures.IsTransient(failure))
            {
                // If the lost response was a success, the rows are now found as enrolled under their own ids, which counts as success.
                PostgresFailures.ForgetConnections(failure, dataSource);
                await Task.Delay(TimeSpan.FromMilliseconds(100 * run), time, cancellationToken);
            }
        }
    }

    public async Task<IReadOnlyList<BulkOutcome>> StoredBefore(IReadOnlyList<InstanceId> ids, CancellationToken cancellationToken)
    {
        // Locks nothing: a disabled sequence gets no instances.
        await using var command = dataSource.CreateCommand("SELECT id FROM instance WHERE id = ANY (@ids) AND owner_id = @owner_id");
        command.Parameters.AddWithValue("ids", ids.Select(id => id.Value).ToArray());
        command.Parameters.AddWithValue("owner_id", caller.OwnerId.Value);
        HashSet<Guid> stored = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            stored.Add(reader.GetGuid(0));
        }

        return [.. ids.Select(id => stored.Contains(id.Value) ? BulkOutcome.Enrolled : BulkOutcome.Disabled)];
    }

    public async Task<IReadOnlyList<BulkOutcome>> Check(IReadOnlyList<Instance> instances, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(CheckSql);
        command.Parameters.AddWithValue("owner_id", caller.OwnerId.Value);
        command.Parameters.AddWithValue("sequence_id", instances[0].SequenceId.Value);
        command.Parameters.AddWithValue("email", instances.Select(instance => instance.Recipient.Email.Value).ToArray());
        return await command.ReadAll(
            reader =>
                reader.GetBoolean(0) ? BulkOutcome.Suppressed
                : reader.GetBoolean(1) ? BulkOutcome.AlreadyEnrolled
                : BulkOutcome.Enrolled,
            cancellationToken
        );
    }

    private async Task<Dictionary<Guid, BulkOutcome>> StoreOnce(
        List<(Instance Instance, FollowUpEvent Event)> rows,
        CancellationToken cancellationToken
    )
    {
        var (first, happened) = rows[0];
        await using var command = dataSource.CreateCommand(Sql);
        command.Parameters.AddWithValue("sequence_id", first.SequenceId.Value);
        command.Parameters.AddWithValue("owner_id", first.OwnerId.Value);
        command.Parameters.AddWithValue("version_id", first.SequenceVersionId.Value);
        command.Parameters.AddWithValue("version", first.Version);
        command.Parameters.AddWithValue("step_type", DbEnumNames.Upper(first.Job!.StepType));
        command.Parameters.AddWithValue("is_first", first.Job!.IsFirst);
        command.Parameters.AddWithValue("event_type", happened.Type.Name);
        command.Parameters.AddWithValue("event_content", happened.Content);
        command.Parameters.AddWithValue("actor_kind", CamelNames.Of(happened.Actor.Kind));
        command.Parameters.AddWithValue("actor_id", NpgsqlDbType.Uuid, (object?)happened.Actor.Id ?? DBNull.Value);
        Add("id", NpgsqlDbType.Uuid, r => r.Instance.Id.Value);
        Add("email", NpgsqlDbType.Text, r => r.Instance.Recipient.Email.Value);
        Add("name", NpgsqlDbType.Text, r => r.Instance.Recipient.Name);
        Add("first_name", NpgsqlDbType.Text, r => r.Instance.Recipient.GivenFirstName);
        Add("last_name", NpgsqlDbType.Text, r => r.Instance.Recipient.GivenLastName);
        Add("phone", NpgsqlDbType.Text, r => r.Instance.Recipient.Phone?.Value);
        Add("time_zone", NpgsqlDbType.Text, r => r.Instance.Recipient.TimeZone);
        Add("variables", NpgsqlDbType.Text, r => r.Instance.Variables);
        Add("offer_id", NpgsqlDbType.Text, r => r.Instance.OfferId);
        Add("enrolled_at", NpgsqlDbType.TimestampTz, r => r.Event.SentAt.UtcDateTime);
        Add("event_hash", NpgsqlDbType.Bytea, r => r.Event.Hash);
        Add("job_id", NpgsqlDbType.Uuid, r => r.Instance.Job!.Id);
        Add("due_at", NpgsqlDbType.TimestampTz, r => r.Instance.Job!.DueAt.UtcDateTime);
        Add("wanted_at", NpgsqlDbType.TimestampTz, r => r.Instance.Job!.WantedAt?.UtcDateTime);
        Add("waiting_for", NpgsqlDbType.Text, r => MovesJson.Write(r.Instance.Job!.WaitingFor));
        Add("event_id", NpgsqlDbType.Uuid, r => r.Event.Id);
        Add("previous_hash", NpgsqlDbType.Bytea, r => r.Event.PreviousHash);
        Add("event_seal", NpgsqlDbType.Bytea, r => seals.First(r.Instance));

        Dictionary<Guid, BulkOutcome> outcomes = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            outcomes[reader.GetGuid(0)] =
                reader.GetBoolean(2) ? BulkOutcome.Enrolled
                : reader.GetBoolean(1) ? BulkOutcome.Suppressed
                : BulkOutcome.AlreadyEnrolled;
        }

        return outcomes;

        void Add<T>(string name, NpgsqlDbType type, Func<(Instance Instance, FollowUpEvent Event), T> value) =>
            command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = rows.Select(value).ToArray() });
    }
}
