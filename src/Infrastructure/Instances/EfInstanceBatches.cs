namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// Many instances of one owner, for operations. Locks in the global order: instances, then jobs, each in the order of instance ids.
/// </summary>
internal sealed class EfInstanceBatches(FollowUpDbContext db) : IInstanceBatches, IInstanceGroups
{
    private static readonly string[] Statuses = [.. Enum.GetValues<InstanceStatus>().Select(DbEnumNames.Upper)];
    private static readonly string[] Attentions = [.. Enum.GetValues<Attention>().Select(CamelNames.Of)];

    /// <summary>
    /// Maximum number of instances that one step of a walk reads. A rare filter would otherwise read all instances of an owner in one batch.
    /// </summary>
    internal const int MostLooked = 10_000;

    public async Task<InstanceWalk> Walk(
        OwnerId owner,
        InstanceFilter filter,
        DateTimeOffset enrolledUntil,
        Guid after,
        int most,
        CancellationToken cancellationToken
    )
    {
        var condition = new InstanceConditions(owner, filter) { EnrolledUntil = enrolledUntil, After = after };
        // Locks nothing. One branch for each value of the index's second column, each read in order from the index, so that no batch sorts rows that
        // the walk has not reached yet. Conditions without an index are checked on the instances that were read.
        var branches = filter switch
        {
            { Email: not null } => [condition.Indexed],
            { SequenceId: not null, Status: null } => Statuses.Select(status => $"{condition.Indexed} AND i.status = '{status}'"),
            { SequenceId: null, Attention: "true" } => Attentions.Select(attention =>
                $"{condition.Indexed} AND i.attention = '{attention}'"
            ),
            _ => [condition.Indexed],
        };
        var union = string.Join(
            " UNION ALL ",
            branches.Select(where => $"(SELECT i.* FROM instance i WHERE {where} ORDER BY i.id LIMIT {MostLooked})")
        );
        var looked = $"(SELECT * FROM ({union}) merged ORDER BY id LIMIT {MostLooked})";
        var ids = await Ids($"SELECT i.id FROM {looked} i WHERE {condition.Sql} ORDER BY i.id LIMIT {most}");
        if (ids.Count == most)
        {
            return new(ids, ids[^1]);
        }

        var last = await Ids($"SELECT i.id FROM {looked} i ORDER BY i.id OFFSET {MostLooked - 1}");
        return new(ids, last is [var id] ? id : null);

        async Task<List<Guid>> Ids(string sql)
        {
            await using var command = db.Command(sql);
            condition.AddTo(command.Parameters);
            return await command.ReadAll(reader => reader.GetGuid(0), cancellationToken);
        }
    }

    public async Task<(IReadOnlyList<Instance> Locked, IReadOnlyList<Guid> Held)> Lock(
        OwnerId owner,
        IReadOnlyList<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        const string Existing = """
            id = ANY (@ids) AND owner_id = @owner
            AND NOT EXISTS (SELECT 1 FROM sequence s WHERE s.id = sequence_id AND s.deleted_at IS NOT NULL)
            """;
        var existing = await Ids($"SELECT id FROM instance WHERE {Existing}");
        // Locks in the order of ids. SKIP LOCKED: waiting for one instance while holding others could deadlock.
        var locked = await Ids($"SELECT id FROM instance WHERE {Existing} ORDER BY id FOR NO KEY UPDATE SKIP LOCKED");
        return (await db.ReadLocked(locked, cancellationToken), [.. existing.Except(locked)]);

        async Task<List<Guid>> Ids(string sql)
        {
            await using var command = db.Command(sql);
            command.Parameters.AddWithValue("ids", ids);
            command.Parameters.AddWithValue("owner", owner.Value);
            return await command.ReadAll(reader => reader.GetGuid(0), cancellationToken);
        }
    }

    public async Task<IReadOnlySet<Guid>> WithRivals(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        // Locks nothing: if a rival is enrolled in between, the unique index rejects the change and the batch runs again.
        await using var command = db.Command(
            """
            SELECT i.id FROM instance i
            WHERE i.id = ANY (@ids) AND i.status = 'FAILED'
              AND EXISTS (SELECT 1 FROM instance r
                          WHERE r.sequence_id = i.sequence_id AND r.email_key = i.email_key AND r.status IN ('ACTIVE', 'PAUSED'))
            """
        );
        command.Parameters.AddWithValue("ids", ids);
        return (await command.ReadAll(reader => reader.GetGuid(0), cancellationToken)).ToHashSet();
    }

    public async Task<int> Count(
        OwnerId owner,
        InstanceFilter filter,
        DateTimeOffset enrolledUntil,
        int most,
        CancellationToken cancellationToken
    )
    {
        var condition = new InstanceConditions(owner, filter) { EnrolledUntil = enrolledUntil };
        await using var command = db.Command(
            $"SELECT count(*)::int FROM (SELECT 1 FROM instance i WHERE {condition.Sql} LIMIT @most) matching"
        );
        condition.AddTo(command.Parameters);
        command.Parameters.AddWithValue("most", most);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<IReadOnlyList<InstanceGroup>> Count(
        OwnerId owner,
        InstanceFilter filter,
        IReadOnlyList<Guid>? ids,
        InstanceAction action,
        CancellationToken cancellationToken
    )
    {
        var condition = new InstanceConditions(owner, filter) { Ids = ids };
        var inDoubt =
            action.Kind == InstanceActionKind.Resolve
                ? "EXISTS (SELECT 1 FROM step_job j WHERE j.instance_id = i.id AND j.state = 'in_doubt')"
                : "false";
        var rival = action.MakesActiveAgain
            ? """
                i.status = 'FAILED' AND EXISTS (
                  SELECT 1 FROM instance r
                  WHERE r.sequence_id = i.sequence_id AND r.email_key = i.email_key AND r.status IN ('ACTIVE', 'PAUSED'))
                """
            : "false";
        if (db.Database.GetDbConnection().State != System.Data.ConnectionState.Open)
        {
            await db.Database.OpenConnectionAsync(cancellationToken);
        }

        await using var command = db.Command(
            $"""
            SELECT status, in_doubt, rival, count(*)::int
            FROM (SELECT i.status, {inDoubt} AS in_doubt, {rival} AS rival FROM instance i WHERE {condition.Sql}) matching
            GROUP BY 1, 2, 3
            """
        );
        condition.AddTo(command.Parameters);
        return await command.ReadAll<InstanceGroup>(
            reader =>
                new(DbEnumNames.Read<InstanceStatus>(reader.GetString(0)), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetInt32(3)),
            cancellationToken
        );
    }
}
