using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Sequences;

internal sealed class EfSequenceRepository(FollowUpDbContext db, ICaller caller) : ISequenceRepository
{
    // NO KEY UPDATE: two changes of one sequence wait for each other, but instances that reference it can still be written.
    public Task<Sequence?> FindForChange(SequenceId id, CancellationToken cancellationToken) =>
        Find(
            db.Sequences.FromSql(
                $"SELECT * FROM sequence WHERE id = {id.Value} AND owner_id = {caller.OwnerId.Value} AND deleted_at IS NULL FOR NO KEY UPDATE"
            ),
            cancellationToken
        );

    // KEY SHARE: only the deletion of the row waits for enrolments, and an edit waits for none. With SHARE, continuously overlapping enrolments kept
    // `enabled = false` waiting indefinitely. A sequence that is disabled meanwhile sends nothing: the claim reads it again.
    public Task<Sequence?> FindForEnrolment(SequenceId id, CancellationToken cancellationToken) =>
        Find(
            db.Sequences.FromSql(
                $"SELECT * FROM sequence WHERE id = {id.Value} AND owner_id = {caller.OwnerId.Value} AND deleted_at IS NULL FOR KEY SHARE"
            ),
            cancellationToken
        );

    public void Add(Sequence sequence) => db.Sequences.Add(sequence);

    // Relies on the sequence's lock, which every publication takes. A version is in use if the statistics, which every event updates in its own
    // transaction, contain it: then instances or their history refer to it. A bulk enrolment may still add a version of the last hour.
    public async Task<bool> MakeRoomForVersion(SequenceId id, CancellationToken cancellationToken)
    {
        var kept = await db.Set<SequenceVersion>().CountAsync(v => v.SequenceId == id, cancellationToken);
        if (kept < Sequence.MostVersions)
        {
            return true;
        }

        var deleted = await db.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM sequence_version v USING sequence s
            WHERE s.id = {id.Value} AND s.owner_id = {caller.OwnerId.Value} AND v.sequence_id = s.id
              AND v.number < s.current_version AND v.published_at < now() - interval '1 hour'
              AND NOT EXISTS (SELECT 1 FROM step_stat_sum t
                              WHERE t.sequence_id = v.sequence_id AND t.version = v.number AND t.span IN ('all', 'new'))
              AND NOT EXISTS (SELECT 1 FROM instance i WHERE i.sequence_id = v.sequence_id AND i.version = v.number)
              AND NOT EXISTS (SELECT 1 FROM sequence_migration m
                              WHERE m.sequence_id = v.sequence_id AND m.version = v.number AND m.state IN ('running', 'stopped'))
            """,
            cancellationToken
        );
        return kept - deleted < Sequence.MostVersions;
    }

    private async Task<Sequence?> Find(IQueryable<Sequence> locked, CancellationToken cancellationToken)
    {
        return (await locked.ToListAsync(cancellationToken)) is [var sequence]
            ? await sequence.WithCurrentVersion(db, cancellationToken)
            : null;
    }
}

internal static class LoadedSequences
{
    public static async Task<Sequence> WithCurrentVersion(this Sequence sequence, FollowUpDbContext db, CancellationToken cancellationToken)
    {
        await db.Entry(sequence)
            .Collection(s => s.Versions)
            .Query()
            .Where(v => v.Number == sequence.CurrentVersion)
            .LoadAsync(cancellationToken);
        return sequence;
    }
}

/// <summary>
/// Steps by version id. A version never changes, so a cached entry is always valid. Reads on the engine's pool: a step does not wait for connections
/// held by requests, and a request that holds a connection does not need a second one of the same pool.
/// </summary>
internal sealed class CachedSequenceVersions(EngineDatabase engine, StepCache cache) : ISequenceVersions, IDisposable
{
    /// <summary>Steps as objects take up to this many times the bytes of their JSON: two bytes per character, plus the objects around them.</summary>
    private const int BytesOfEach = 3;

    /// <summary>When a node starts, all lanes need the same few versions and would take every connection.</summary>
    private const int MostAtOnce = 4;

    private readonly SemaphoreSlim _loading = new(MostAtOnce);

    public ValueTask<IReadOnlyList<Step>> Steps(SequenceVersionId id, CancellationToken cancellationToken) =>
        cache.Versions.TryGetValue(id, out IReadOnlyList<Step>? steps) ? new(steps!) : new(Load(id, cancellationToken));

    public void Dispose() => _loading.Dispose();

    private async Task<IReadOnlyList<Step>> Load(SequenceVersionId id, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            return cache.Versions.TryGetValue(id, out IReadOnlyList<Step>? steps) ? steps! : await Read(id, cancellationToken);
        }
        finally
        {
            _loading.Release();
        }
    }

    private async Task<IReadOnlyList<Step>> Read(SequenceVersionId id, CancellationToken cancellationToken)
    {
        await using var command = engine.Connections.CreateCommand("SELECT steps FROM sequence_version WHERE id = $1");
        command.Parameters.Add(new() { Value = id.Value });
        var json = (string?)await command.ExecuteScalarAsync(cancellationToken);
        var steps = StepsJson.Read(json ?? throw new InvalidOperationException($"Unknown sequence version {id.Value}."));
        return cache.Versions.Set(id, steps, new MemoryCacheEntryOptions { Size = (BytesOfEach * json!.Length) + 500 });
    }
}
