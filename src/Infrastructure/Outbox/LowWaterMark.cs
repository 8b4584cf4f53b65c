using FollowUp.Application.Dispatch;

namespace FollowUp.Infrastructure.Outbox;

/// <summary>
/// Where a claim begins to read the index of due jobs. Behind it lie the entries of jobs that are done; while an old transaction is open anywhere
/// in the database, PostgreSQL must keep them, and a claim that began at the front would read them all. Now and then a claim does begin there,
/// for jobs that fell due behind the mark: a postponed step, one that another node gave back, one whose commit took long.
/// </summary>
internal sealed class LowWaterMark(TimeProvider time, TimeSpan lookBackEvery)
{
    /// <summary>The front of the index.</summary>
    public static readonly JobPlace Lowest = JobPlace.Of(DateTime.MinValue);

    /// <summary>Of the time, a twentieth goes into claims from the front, however long they take.</summary>
    private const int Share = 20;

    /// <summary>A job's due instant is read before its transaction commits: the mark stays behind the present by more than that takes.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(1);

    private JobPlace _mark = Lowest;
    private long _begun;
    private TimeSpan _pause = TimeSpan.Zero;
    private bool _fromFront;

    /// <summary>Where the next claim begins.</summary>
    public JobPlace Next()
    {
        var now = time.GetTimestamp();
        _fromFront = _begun == 0 || time.GetElapsedTime(_begun, now) >= _pause;
        _begun = _fromFront ? now : _begun;
        return _fromFront ? Lowest : _mark;
    }

    /// <summary>Moves the mark to the first job that the claim brought: what lies behind was done, or in somebody's hands.</summary>
    public void Passed(IReadOnlyCollection<ClaimedStep> steps)
    {
        if (_fromFront)
        {
            var took = time.GetElapsedTime(_begun);
            _pause = took * Share > lookBackEvery ? took * Share : lookBackEvery;
        }

        if (steps.Count > 0)
        {
            var latest = JobPlace.Of(steps.First().ClaimedAt.UtcDateTime - Behind);
            _mark = JobPlace.First(steps.Select(step => JobPlace.Of(step.Instance.Job!)).Append(latest));
        }
    }
}
