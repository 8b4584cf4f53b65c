using System.Globalization;

namespace FollowUp.Simulation;

/// <summary>
/// The single thread of a simulation. It queues all pending actions and picks a random one of the due actions next. Each await in the
/// product's code becomes an entry, so any other action may run before its continuation.
/// </summary>
internal sealed class Scheduler(SeededRandom random, bool keepTrace)
{
    private readonly List<Pending> _pending = new(64);
    private readonly List<string> _trace = [];
    private ulong _hash = 14695981039346656037;

    /// <summary>The simulated instant, which is the store's clock. Each node's clock has a constant skew.</summary>
    public DateTimeOffset Now { get; private set; } = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public int Steps { get; private set; }

    /// <summary>Called before a process continues. May crash or suspend the process, and then returns true.</summary>
    public Func<SimulatedProcess, string, bool> ShouldInterrupt { private get; set; } = (_, _) => false;

    /// <summary>A hash of all actions in order: equal for equal runs.</summary>
    public ulong Hash => _hash;

    /// <summary>All actions in order, one per line; empty unless requested.</summary>
    public IReadOnlyList<string> Trace => _trace;

    /// <summary>Queues an action. It is dropped if its owner crashes and delayed while its owner is suspended.</summary>
    public void In(TimeSpan delay, SimulatedProcess? owner, string what, int subject, Action run) =>
        _pending.Add(new Pending(Now + delay, owner, what, subject, run));

    /// <summary>Runs one action. False when none is left.</summary>
    public bool Step()
    {
        if (Choose() is not { } chosen)
        {
            return false;
        }

        Steps++;
        if (chosen.Owner is { } process && ShouldInterrupt(process, chosen.What))
        {
            _pending.Add(chosen);
            return true;
        }

        Note(chosen.What, chosen.Subject, chosen.Owner);
        SynchronizationContext.SetSynchronizationContext(chosen.Owner?.Context);
        chosen.Run();
        return true;
    }

    /// <summary>Adds an action to the hash and the trace that the scheduler did not run itself.</summary>
    public void Note(string what, int subject, SimulatedProcess? owner = null)
    {
        foreach (var letter in what)
        {
            Mix(letter);
        }

        Mix((ulong)subject);
        Mix((ulong)Now.UtcTicks);
        if (keepTrace)
        {
            _trace.Add(string.Create(CultureInfo.InvariantCulture, $"{Now:HH:mm:ss.fff} {owner?.Name, -6} {what} {subject}"));
        }
    }

    private Pending? Choose()
    {
        int chosen = -1,
            next = -1,
            due = 0;
        for (var i = _pending.Count - 1; i >= 0; i--)
        {
            if (_pending[i].Owner is { Crashed: true })
            {
                Remove(i);
                (chosen, next) = (chosen == _pending.Count ? i : chosen, next == _pending.Count ? i : next);
                continue;
            }

            var at = _pending[i].DueAt;
            if (at <= Now && random.Below(++due) == 0)
            {
                chosen = i;
            }
            else if (at > Now && (next < 0 || at < _pending[next].DueAt))
            {
                next = i;
            }
        }

        if (chosen < 0 && next < 0)
        {
            return null;
        }

        if (chosen < 0)
        {
            (chosen, Now) = (next, _pending[next].DueAt);
        }

        var pending = _pending[chosen];
        Remove(chosen);
        return pending;
    }

    private void Remove(int i)
    {
        _pending[i] = _pending[^1];
        _pending.RemoveAt(_pending.Count - 1);
    }

    private void Mix(ulong value) => _hash = (_hash ^ value) * 1099511628211;

    private sealed record Pending(DateTimeOffset At, SimulatedProcess? Owner, string What, int Subject, Action Run)
    {
        public DateTimeOffset DueAt => Owner is { } owner && owner.SuspendedUntil > At ? owner.SuspendedUntil : At;
    }
}
