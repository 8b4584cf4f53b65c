namespace FollowUp.Simulation;

/// <summary>The connection broke: the caller does not know whether its request was executed.</summary>
internal sealed class ConnectionLostException() : Exception("The connection was lost.");

/// <summary>The connection of a client to the store.</summary>
internal interface IWire
{
    /// <summary>Sends a request to the store.</summary>
    /// <param name="what">Name of the request in the trace.</param>
    /// <param name="subject">Number of the instance; 0 for none.</param>
    /// <param name="serve">Executes the request in the store and passes on the answer, at once or when a lock is free.</param>
    Task<T> Ask<T>(string what, int subject, Action<Action<T>> serve);
}

/// <summary>A connection without latency or faults, for tests of the store alone.</summary>
internal sealed class DirectWire : IWire
{
    public Task<T> Ask<T>(string what, int subject, Action<Action<T>> serve)
    {
        var answer = new TaskCompletionSource<T>();
        serve(answer.SetResult);
        return answer.Task;
    }
}

/// <summary>A network that delays requests, loses requests or answers, repeats them, and delivers abandoned requests late.</summary>
internal sealed class FaultyWire(SimulatedProcess process, Scheduler scheduler, SeededRandom random, Faults faults) : IWire
{
    public Task<T> Ask<T>(string what, int subject, Action<Action<T>> serve)
    {
        var answer = new TaskCompletionSource<T>();
        var lost = () => answer.SetException(new ConnectionLostException());
        var there = faults.Latency();
        switch (random.Below(100))
        {
            case 0 or 1 when faults.On:
                scheduler.In(there, process, $"{what}: request lost", subject, lost);
                break;
            case 2 or 3 when faults.On:
                scheduler.In(there, null, what, subject, () => serve(_ => After($"{what}: answer lost", lost)));
                break;
            case 4 when faults.On:
                scheduler.In(there, process, $"{what}: given up", subject, lost);
                scheduler.In(there + random.Between(0, 90), null, $"{what}, late", subject, () => serve(_ => { }));
                break;
            case 5 when faults.On:
                // The same statement twice, as when a proxy or a driver repeats it.
                scheduler.In(there, null, what, subject, () => serve(given => After($"{what}: answer", () => answer.SetResult(given))));
                scheduler.In(there + random.Between(0, 30), null, $"{what}, again", subject, () => serve(_ => { }));
                break;
            default:
                scheduler.In(there, null, what, subject, () => serve(given => After($"{what}: answer", () => answer.SetResult(given))));
                break;
        }

        return answer.Task;

        void After(string word, Action run) => scheduler.In(faults.Latency(), process, word, subject, run);
    }
}

/// <summary>Whether and which faults occur at present.</summary>
internal sealed class Faults(SeededRandom random)
{
    public bool On { get; set; } = true;

    /// <summary>Mostly milliseconds, sometimes longer than a lease is valid.</summary>
    public TimeSpan Latency() =>
        !On ? TimeSpan.FromMilliseconds(1)
        : random.Chance(0.97) ? random.Between(0.0005, 0.02)
        : random.Chance(0.8) ? random.Between(0.02, 3)
        : random.Between(3, 75);

    /// <summary>Duration of a slow statement or commit (a starved backend, a slow disk). Null means instant.</summary>
    public TimeSpan? Slowness() => On && random.Chance(0.1) ? random.Between(0, 4) : null;
}
