using System.Globalization;

namespace FollowUp.Simulation;

/// <summary>
/// The one thread of a simulation. Whatever wants to happen waits here; of what is due, the dice choose which comes next. An await in the
/// product's code ends in an entry here, so each is a point at which anything else may happen first.
/// </summary>
internal sealed class Scheduler(SeededRandom dice, bool keepStory)
{
    private readonly List<Pending> _pending = new(64);
    private readonly List<string> _story = [];
    private ulong _hash = 14695981039346656037;

    /// <summary>The simulated instant. The store's clock; nodes have clocks of their own, which run as fast and may be set wrong.</summary>
    public DateTimeOffset Now { get; private set; } = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public int Steps { get; private set; }

    /// <summary>Asked before a machine goes on: may crash or suspend it at just this point, and then says so.</summary>
    public Func<SimulatedProcess, string, bool> Interferes { private get; set; } = (_, _) => false;

    /// <summary>What has happened, in order, as one number: equal for equal runs.</summary>
    public ulong Hash => _hash;

    /// <summary>What has happened, in words; empty unless it was asked for.</summary>
    public IReadOnlyList<string> Story => _story;

    /// <summary>Lets something happen later, unless its owner has crashed by then or is suspended.</summary>
    public void In(TimeSpan delay, SimulatedProcess? owner, string what, int subject, Action run) =>
        _pending.Add(new Pending(Now + delay, owner, what, subject, run));

    /// <summary>Lets one thing happen. False when nothing is left to happen.</summary>
    public bool Step()
    {
        if (Choose() is not { } chosen)
        {
            return false;
        }

        Steps++;
        if (chosen.Owner is { } machine && Interferes(machine, chosen.What))
        {
            _pending.Add(chosen);
            return true;
        }

        Note(chosen.What, chosen.Subject, chosen.Owner);
        SynchronizationContext.SetSynchronizationContext(chosen.Owner?.Context);
        chosen.Run();
        return true;
    }

    /// <summary>Writes into the story what the scheduler does not see by itself.</summary>
    public void Note(string what, int subject, SimulatedProcess? owner = null)
    {
        foreach (var letter in what)
        {
            Mix(letter);
        }

        Mix((ulong)subject);
        Mix((ulong)Now.UtcTicks);
        if (keepStory)
        {
            _story.Add(string.Create(CultureInfo.InvariantCulture, $"{Now:HH:mm:ss.fff} {owner?.Name, -6} {what} {subject}"));
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
            if (at <= Now && dice.Below(++due) == 0)
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
