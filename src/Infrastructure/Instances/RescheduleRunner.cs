namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// Reschedules the waiting steps of a sequence, or of all sequences that use a calendar, from each step's original due time. Until its batch runs a
/// step keeps its old due time, and the worker that claims it then checks the new schedule: nothing is sent in the old window.
/// </summary>
internal sealed class RescheduleRunner(FollowUpDbContext db, Timetables timetables, IDatabaseClock clock) : IOperationRunner
{
    /// <summary>The sequence that is being walked, and the last of its instances that was read.</summary>
    private sealed record Position(Guid Sequence, Guid Instance);

    public OperationKind Kind => OperationKind.Reschedule;
    public int BatchRows => 1_000;
    public bool PassesOver => false;

    public async Task<int> Count(Operation operation, int most, CancellationToken cancellationToken)
    {
        await using var command = db.Command(
            """
            SELECT count(*)::int FROM (
              SELECT 1 FROM sequence s CROSS JOIN LATERAL (
                SELECT 1 FROM instance WHERE sequence_id = s.id AND status = 'ACTIVE' LIMIT @most) i
              WHERE (s.id = @target OR s.calendar_id = @target) AND s.deleted_at IS NULL LIMIT @most) waiting
            """
        );
        command.Parameters.AddWithValue("target", operation.TargetId!.Value);
        command.Parameters.AddWithValue("most", most);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<OperationBatch> Run(Operation operation, int most, string? passOver, CancellationToken cancellationToken)
    {
        var at = operation.Cursor is { } cursor
            ? JsonSerializer.Deserialize<Position>(cursor, JsonSerializerOptions.Web)!
            : new Position(Guid.Empty, Guid.Empty);
        if (await SequenceFrom(operation.TargetId!.Value, at.Sequence, cancellationToken) is not { } sequence)
        {
            return new OperationBatch { Walked = true };
        }

        at = sequence == at.Sequence ? at : new(sequence, Guid.Empty);
        var page = await Walk(at, most, cancellationToken);
        if (page.Count > 0)
        {
            await Place(page, cancellationToken);
        }

        var next = page.Count < most ? new Position(Next(sequence), Guid.Empty) : at with { Instance = page[^1] };
        return new OperationBatch { Done = page.Count, Cursor = JsonSerializer.Serialize(next, JsonSerializerOptions.Web) };
    }

    /// <summary>
    /// The first sequence of the target at or after an id. KEY SHARE prevents its deletion during the batch; changes of it are not blocked.
    /// </summary>
    private async Task<Guid?> SequenceFrom(Guid target, Guid from, CancellationToken cancellationToken)
    {
        await using var command = db.Command(
            """
            SELECT id FROM sequence WHERE (id = @target OR calendar_id = @target) AND id >= @from AND deleted_at IS NULL
            ORDER BY id LIMIT 1 FOR KEY SHARE
            """
        );
        command.Parameters.AddWithValue("target", target);
        command.Parameters.AddWithValue("from", from);
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    /// <summary>Locks nothing: an instance that ends meanwhile has no waiting job. Returns the next active instances in the order of ids.</summary>
    private async Task<List<Guid>> Walk(Position at, int most, CancellationToken cancellationToken)
    {
        await using var command = db.Command(
            $"SELECT id FROM instance WHERE sequence_id = @sequence AND status = 'ACTIVE' AND id > @after ORDER BY id LIMIT {most}"
        );
        command.Parameters.AddWithValue("sequence", at.Sequence);
        command.Parameters.AddWithValue("after", at.Instance);
        return await command.ReadAll(reader => reader.GetGuid(0), cancellationToken);
    }

    private async Task Place(List<Guid> instances, CancellationToken cancellationToken)
    {
        var now = await clock.Now(cancellationToken);
        List<(WaitingJob, Placement)> placed = [];
        Dictionary<(SequenceId, string?), SendingPlan?> schedules = [];
        foreach (var row in await LockJobs(instances, cancellationToken))
        {
            var timetable = await timetables.Of(row.Sequence, row.Version, row.Zone, schedules, cancellationToken);
            placed.Add((row, timetable.Reschedule(row.Step, row.Wanted, row.TriedBefore, now)));
        }

        await WaitingJob.Write((NpgsqlConnection)db.Command("").Connection!, placed, cancellationToken);
    }

    /// <summary>Locks the waiting jobs in the order of instances, like every statement that locks several jobs and waits.</summary>
    private async Task<List<WaitingJob>> LockJobs(List<Guid> instances, CancellationToken cancellationToken)
    {
        await using var locking = db.Command(
            """
            SELECT instance_id FROM step_job
            WHERE instance_id = ANY (@instances) AND claimable AND state = 'ready' AND step_type <> 'WAIT'
            ORDER BY instance_id FOR UPDATE
            """
        );
        locking.Parameters.AddWithValue("instances", instances);
        return await WaitingJob.Read(locking, cancellationToken);
    }

    /// <summary>The id after an id, in PostgreSQL's byte order.</summary>
    private static Guid Next(Guid id)
    {
        var bytes = id.ToByteArray(bigEndian: true);
        for (var i = bytes.Length - 1; i >= 0 && ++bytes[i] == 0; i--) { }

        return new Guid(bytes, bigEndian: true);
    }
}
