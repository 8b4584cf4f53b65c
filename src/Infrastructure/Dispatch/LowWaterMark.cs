namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// The position at which a claim starts to read the index of due jobs. Before it are the entries of finished jobs; while an old transaction is open
/// anywhere in the database, PostgreSQL must keep them, and a claim that started at the front would read them all. Occasionally a claim does start at
/// the front, for jobs that fell due behind the mark: a postponed step, one that another node gave back, one whose commit took long.
/// </summary>
/// <param name="lookBackEvery">The interval at which a claim starts at the front.</param>
/// <param name="lineOf">The queue that a step belongs to, if each queue has its own mark; null if there is a single queue.</param>
internal sealed class LowWaterMark(TimeProvider time, TimeSpan lookBackEvery, Func<ClaimedStep, Guid>? lineOf = null)
{
    /// <summary>Claims from the front take at most one part in this many of the time, however long they take.</summary>
    private const int Share = 20;

    /// <summary>Above this number, the marks of queues that may have been finished long ago are dropped.</summary>
    private const int MostLines = 1_000;

    /// <summary>A job's due time is read before its transaction commits, so the mark stays behind the present by more than that takes.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Guid, JobSortKey> _marks = [];
    private long _begun;
    private TimeSpan _pause = TimeSpan.Zero;
    private bool _fromFront;

    /// <summary>Where the next claim starts.</summary>
    public JobSortKey Next() => Next([Guid.Empty])[0];

    /// <summary>Where the next claim starts in each of the given queues.</summary>
    public JobSortKey[] Next(Guid[] lines)
    {
        var now = time.GetTimestamp();
        _fromFront = _begun == 0 || time.GetElapsedTime(_begun, now) >= _pause;
        _begun = _fromFront ? now : _begun;
        return [.. lines.Select(line => _fromFront ? JobSortKey.Front : _marks.GetValueOrDefault(line, JobSortKey.Front))];
    }

    /// <summary>Moves the marks to the first jobs that the claim returned: the jobs before them are finished or claimed by another node.</summary>
    public void Passed(IReadOnlyCollection<ClaimedStep> steps)
    {
        if (_fromFront)
        {
            var took = time.GetElapsedTime(_begun);
            _pause = took * Share > lookBackEvery ? took * Share : lookBackEvery;
        }

        if (_marks.Count > MostLines)
        {
            _marks.Clear();
        }

        foreach (var line in steps.GroupBy(step => lineOf?.Invoke(step) ?? Guid.Empty))
        {
            var latest = JobSortKey.Of(line.First().ClaimedAt.UtcDateTime - Behind);
            _marks[line.Key] = JobSortKey.First(line.Select(step => JobSortKey.Of(step.Instance.Job!)).Append(latest));
        }
    }

    /// <summary>Moves the marks of the queues in which a claim found nothing: the jobs before the mark cannot be claimed at present.</summary>
    public void PassedOver(IEnumerable<Guid> lines, IReadOnlyCollection<ClaimedStep> steps, DateTime until)
    {
        var found = steps.Select(step => lineOf?.Invoke(step) ?? Guid.Empty).ToHashSet();
        foreach (var line in lines.Where(line => !found.Contains(line)))
        {
            _marks[line] = JobSortKey.Of(until - Behind);
        }
    }
}
