namespace FollowUp.Simulation;

/// <summary>What a caller sees when the connection breaks: whether its request was carried out it cannot tell.</summary>
internal sealed class ConnectionLostException() : Exception("The connection was lost.");

/// <summary>The way from a client to the store.</summary>
internal interface IWire
{
    /// <summary>Asks the store for something.</summary>
    /// <param name="what">What, for the story.</param>
    /// <param name="subject">About which instance; 0 when about none.</param>
    /// <param name="serve">Carries the request out at the store and gives the answer, at once or when a lock is free.</param>
    Task<T> Ask<T>(string what, int subject, Action<Action<T>> serve);
}

/// <summary>A wire without a length, for looking at the store alone.</summary>
internal sealed class DirectWire : IWire
{
    public Task<T> Ask<T>(string what, int subject, Action<Action<T>> serve)
    {
        var answer = new TaskCompletionSource<T>();
        serve(answer.SetResult);
        return answer.Task;
    }
}

/// <summary>A network that delays, loses a request, loses an answer, and delivers a request that its sender has given up.</summary>
internal sealed class FaultyWire(SimulatedProcess machine, Scheduler scheduler, SeededRandom dice, Faults faults) : IWire
{
    public Task<T> Ask<T>(string what, int subject, Action<Action<T>> serve)
    {
        var answer = new TaskCompletionSource<T>();
        var lost = () => answer.SetException(new ConnectionLostException());
        var there = faults.Latency();
        switch (dice.Below(100))
        {
            case 0 or 1 when faults.On:
                scheduler.In(there, machine, $"{what}: request lost", subject, lost);
                break;
            case 2 or 3 when faults.On:
                scheduler.In(there, null, what, subject, () => serve(_ => After($"{what}: answer lost", lost)));
                break;
            case 4 when faults.On:
                scheduler.In(there, machine, $"{what}: given up", subject, lost);
                scheduler.In(there + dice.Between(0, 90), null, $"{what}, late", subject, () => serve(_ => { }));
                break;
            case 5 when faults.On:
                // The same statement twice, as when a proxy or a driver repeats it.
                scheduler.In(there, null, what, subject, () => serve(given => After($"{what}: answer", () => answer.SetResult(given))));
                scheduler.In(there + dice.Between(0, 30), null, $"{what}, again", subject, () => serve(_ => { }));
                break;
            default:
                scheduler.In(there, null, what, subject, () => serve(given => After($"{what}: answer", () => answer.SetResult(given))));
                break;
        }

        return answer.Task;

        void After(string word, Action run) => scheduler.In(faults.Latency(), machine, word, subject, run);
    }
}

/// <summary>How bad the world is at present.</summary>
internal sealed class Faults(SeededRandom dice)
{
    public bool On { get; set; } = true;

    /// <summary>Mostly milliseconds, at times longer than a lease is safe.</summary>
    public TimeSpan Latency() =>
        !On ? TimeSpan.FromMilliseconds(1)
        : dice.Chance(0.97) ? dice.Between(0.0005, 0.02)
        : dice.Chance(0.8) ? dice.Between(0.02, 3)
        : dice.Between(3, 75);

    /// <summary>How long a statement or a commit takes that is usually done at once: a starved backend, a slow disk. Null means at once.</summary>
    public TimeSpan? Slowness() => On && dice.Chance(0.1) ? dice.Between(0, 4) : null;
}
