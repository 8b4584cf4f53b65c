namespace FollowUp.Infrastructure.Dispatch;

/// <summary>The result of a claim.</summary>
/// <param name="Steps">The claimed steps, in no particular order.</param>
/// <param name="NextDue">The time until the next job that is not due yet; null when there is none.</param>
internal sealed record Claim(IReadOnlyList<ClaimedStep> Steps, TimeSpan? NextDue)
{
    /// <summary>The time, by the database's clock, up to which the claim read due jobs.</summary>
    public DateTime LookedUntil { get; init; }
}

/// <summary>
/// The outbox of due step jobs: claim, renew, give back, release. Written in SQL, because every step takes this path; each statement says what it
/// locks. <see cref="ClaimPlanner"/> decides which claims to make.
/// </summary>
internal sealed partial class StepOutbox(
    EngineDatabase engine,
    Breakers breakers,
    IStepSenders senders,
    DispatchOptions options,
    LogSeals seals,
    TimeProvider time,
    ILogger<StepOutbox> logger
) : IStepOutbox, IDisposable
{
    /// <summary>
    /// The types of steps that call a provider on this node. The senders are asked once: settings do not change while the program runs.
    /// </summary>
    private readonly Lazy<string[]> _sending = new(() =>
        [.. Enum.GetValues<Channel>().Where(c => senders.For(c) is not null).Select(DbEnumNames.Upper)]
    );

    private readonly ClaimPlanner _planner = new(breakers, options, time);

    /// <summary>Claims due steps for free lanes.</summary>
    public async Task<Claim> Claim(
        int lanes,
        CancellationToken cancellationToken,
        bool fromFront = true,
        IReadOnlyCollection<ClaimedStep>? running = null
    )
    {
        var most = Math.Min(ClaimPlanner.PowerOfTwo(lanes), MostTogether);
        var shares = _planner.Shares(lanes, running);
        await using var connection = await engine.Connections.OpenConnectionAsync(cancellationToken);
        await TakeLostClaimsBack(connection, cancellationToken);
        await DeleteUnsent(connection, cancellationToken);
        using var unseen = new UnseenClaim(this);
        var round = new ClaimRound(connection, most, shares, planned => Claim(connection, planned, unseen, cancellationToken));
        var nextDue = await _planner.Fill(round, fromFront, cancellationToken);
        unseen.Seen();
        return new Claim(round.Steps, nextDue);
    }

    /// <summary>
    /// Renews the leases of running steps. Locks the jobs in the order of their instances and skips those that a write-back has locked at this
    /// moment.
    /// </summary>
    public async Task Renew(IReadOnlyCollection<ClaimedStep> steps, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        await using var command = engine.Connections.CreateCommand(
            """
            UPDATE step_job SET lease_until = now() + @lease
            WHERE instance_id IN (
              SELECT j.instance_id FROM unnest(@instances, @ids, @attempts) AS held (instance_id, id, attempt)
              JOIN step_job j USING (instance_id, id, attempt)
              WHERE j.owner = @owner ORDER BY j.instance_id FOR UPDATE OF j SKIP LOCKED)
            RETURNING id
            """
        );
        command.Parameters.AddWithValue("lease", options.Lease);
        AddHeld(command, steps);
        var byJob = steps.ToDictionary(s => s.Fence.JobId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            byJob[reader.GetGuid(0)].Lease.Renewed(asked);
        }
    }

    /// <summary>
    /// Gives back claims whose work was not started: the jobs are ready again and nothing counts as an attempt. Locks the jobs in the order of their
    /// instances, then their attempts.
    /// </summary>
    public async Task GiveBack(IReadOnlyCollection<ClaimedStep> steps, CancellationToken cancellationToken)
    {
        await using var command = engine.Connections.CreateCommand(
            $"""
            WITH held AS MATERIALIZED (
              SELECT j.instance_id FROM unnest(@instances, @ids, @attempts) AS claimed (instance_id, id, attempt)
              JOIN step_job j USING (instance_id, id, attempt)
              WHERE j.owner = @owner ORDER BY j.instance_id FOR UPDATE OF j),
            {GiveHeldBack}
            """
        );
        AddHeld(command, steps);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The end of a statement whose CTE <c>held</c> has locked the jobs to give back.</summary>
    private const string GiveHeldBack = """
        given AS (
          UPDATE step_job j SET state = 'ready', owner = NULL, lease_until = NULL
          FROM held WHERE j.instance_id = held.instance_id
          RETURNING j.instance_id, j.id, j.attempt)
        DELETE FROM attempt a USING given
        WHERE a.instance_id = given.instance_id AND a.step_job_id = given.id AND a.number = given.attempt AND a.status = 'SENDING'
        """;

    private void AddHeld(NpgsqlCommand command, IReadOnlyCollection<ClaimedStep> steps)
    {
        command.Parameters.AddWithValue("owner", options.Node);
        command.Parameters.AddWithValue("instances", steps.Select(s => s.Instance.Id.Value).ToArray());
        command.Parameters.AddWithValue("ids", steps.Select(s => s.Fence.JobId).ToArray());
        command.Parameters.AddWithValue("attempts", steps.Select(s => s.Fence.Attempt).ToArray());
    }

    Task IStepOutbox.GiveBack(ClaimedStep step, CancellationToken cancellationToken) => GiveBack([step], cancellationToken);

    public async Task<ClaimedStep?> Refresh(ClaimedStep step, CancellationToken cancellationToken)
    {
        await using var command = engine.Connections.CreateCommand(
            $"""
            SELECT {ClaimRow.Columns}
            FROM step_job j JOIN instance i ON i.id = j.instance_id
            WHERE j.instance_id = @instance AND j.id = @job AND j.attempt = @attempt AND j.owner = @owner
            """
        );
        command.Parameters.AddWithValue("instance", step.Instance.Id.Value);
        command.Parameters.AddWithValue("job", step.Fence.JobId);
        command.Parameters.AddWithValue("attempt", step.Fence.Attempt);
        command.Parameters.AddWithValue("owner", step.Fence.Owner);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var instance = new ClaimRow(reader).Instance(options.Node);
        return step with { Instance = instance, Revision = instance.Revision };
    }

    private async Task<Claim> Claim(NpgsqlConnection connection, PlannedClaim due, UnseenClaim unseen, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(ClaimStatements.Lease(due.Sql)),
                new(ClaimStatements.Read),
                new(ClaimStatements.NextDue),
                new(Breakers.ReadSql),
            },
        };
        var (parameters, reading) = (batch.BatchCommands[0].Parameters, batch.BatchCommands[1].Parameters);
        if (due.Owners is { } owners)
        {
            parameters.AddWithValue("owners", owners);
            JobSortKey.AddTo(parameters, due.From);
        }
        else
        {
            due.From[0].AddTo(parameters);
        }

        if (due.Probe is { } probe)
        {
            parameters.AddWithValue("probe", probe);
        }

        parameters.AddWithValue("owner", options.Node);
        parameters.AddWithValue("lease", options.Lease);
        parameters.AddWithValue("claim_number", unseen.Number);
        reading.AddWithValue("max_lateness", options.MaxLateness);
        reading.AddWithValue("sending", _sending.Value);
        reading.AddWithValue("attempt_ids", Enumerable.Range(0, due.Most).Select(_ => Guid.CreateVersion7()).ToArray());
        List<ClaimedStep> steps = new(due.Most);
        unseen.Sent();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = new ClaimRow(reader);
            var instance = row.Instance(options.Node);
            steps.Add(
                new ClaimedStep
                {
                    Instance = instance,
                    Revision = instance.Revision,
                    SequenceName = row.SequenceName,
                    SequenceEnabled = row.SequenceEnabled,
                    OwnerBlocked = row.OwnerBlocked,
                    IsScheduled = row.IsScheduled,
                    IsLimited = row.IsLimited,
                    UpgradesImages = row.UpgradesImages,
                    Suppressed = row.Suppressed,
                    AttemptId = row.AttemptId,
                    ClaimedAt = row.ClaimedAt,
                    IsProbe = due.Probe is not null,
                    Timestamp = time.GetTimestamp(),
                    Lease = new Lease(time, options.Lease, asked),
                    Fence = (instance.Job!.Id, instance.Job.Attempt, options.Node),
                }
            );
        }

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        TimeSpan? nextDue = await reader.IsDBNullAsync(0, cancellationToken) ? null : reader.GetTimeSpan(0);
        var lookedUntil = reader.GetDateTime(1);
        await reader.NextResultAsync(cancellationToken);
        await breakers.Read(reader, cancellationToken);
        return new Claim(steps, nextDue) { LookedUntil = lookedUntil };
    }
}
