using FollowUp.Application.Instances;
using FollowUp.Infrastructure.Instances;

namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Where a claim begins to read the index of due jobs. Behind it lie the entries of jobs that are done; while an old transaction is open anywhere
/// in the database, PostgreSQL must keep them, and a claim that began at the front would read them all. Now and then a claim does begin there,
/// for jobs that fell due behind the mark: a postponed step, one that another node gave back, one whose commit took long.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="lookBackEvery">How often a claim begins at the front.</param>
/// <param name="lineOf">In which line a step stands, where each has a mark of its own; all stand in one when it is null.</param>
internal sealed class LowWaterMark(TimeProvider time, TimeSpan lookBackEvery, Func<ClaimedStep, Guid>? lineOf = null)
{
    /// <summary>Of the time, a twentieth goes into claims from the front, however long they take.</summary>
    private const int Share = 20;

    /// <summary>Marks of lines that may be done long ago are forgotten.</summary>
    private const int MostLines = 1_000;

    /// <summary>A job's due instant is read before its transaction commits: the mark stays behind the present by more than that takes.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Guid, JobSortKey> _marks = [];
    private long _begun;
    private TimeSpan _pause = TimeSpan.Zero;
    private bool _fromFront;

    /// <summary>Where the next claim begins.</summary>
    public JobSortKey Next() => Next([Guid.Empty])[0];

    /// <summary>Where the next claim begins in each of some lines.</summary>
    public JobSortKey[] Next(Guid[] lines)
    {
        var now = time.GetTimestamp();
        _fromFront = _begun == 0 || time.GetElapsedTime(_begun, now) >= _pause;
        _begun = _fromFront ? now : _begun;
        return [.. lines.Select(line => _fromFront ? JobSortKey.Front : _marks.GetValueOrDefault(line, JobSortKey.Front))];
    }

    /// <summary>Moves the marks to the first jobs that the claim brought: what lies behind was done, or in somebody's hands.</summary>
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

    /// <summary>Moves the marks of the lines that a claim found nothing in: what lies behind cannot be claimed at present.</summary>
    /// <param name="lines">The lines that the claim read.</param>
    /// <param name="steps">What it brought.</param>
    /// <param name="until">The instant up to which it read.</param>
    public void PassedOver(IEnumerable<Guid> lines, IReadOnlyCollection<ClaimedStep> steps, DateTime until)
    {
        var found = steps.Select(step => lineOf?.Invoke(step) ?? Guid.Empty).ToHashSet();
        foreach (var line in lines.Where(line => !found.Contains(line)))
        {
            _marks[line] = JobSortKey.Of(until - Behind);
        }
    }
}

/// <summary>The marks of a node: of all jobs, and of each owner whose turn it is.</summary>
internal sealed class LowWaterMarks(TimeProvider time, TimeSpan lookBackEvery)
{
    /// <summary>For claims of the oldest jobs of all.</summary>
    public LowWaterMark OfAll { get; } = new(time, lookBackEvery);

    /// <summary>For claims of each owner's oldest.</summary>
    public LowWaterMark OfEach { get; } = new(time, lookBackEvery, step => step.Instance.OwnerId.Value);
}
