namespace FollowUp.Simulation;

/// <summary>
/// One start of a process: a clock, and a synchronization context that queues every continuation in the scheduler. After a crash none of
/// its continuations runs.
/// </summary>
internal sealed class SimulatedProcess
{
    private readonly Scheduler _scheduler;

    public SimulatedProcess(string name, Scheduler scheduler, TimeSpan skew, TimeSpan booted)
    {
        (Name, _scheduler) = (name, scheduler);
        Context = new Continuations(this);
        Time = new Clock(scheduler, skew, booted);
    }

    public string Name { get; }

    public bool Crashed { get; set; }

    /// <summary>The end of a suspension as by SIGSTOP: the clock continues, the process does not.</summary>
    public DateTimeOffset SuspendedUntil { get; set; }

    public SynchronizationContext Context { get; }

    public TimeProvider Time { get; }

    public Task Delay(TimeSpan delay, string what)
    {
        var over = new TaskCompletionSource();
        _scheduler.In(delay, this, what, 0, over.SetResult);
        return over.Task;
    }

    private sealed class Continuations(SimulatedProcess process) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) =>
            process._scheduler.In(TimeSpan.Zero, process, "goes on", 0, () => d(state));

        public override void Send(SendOrPostCallback d, object? state) =>
            throw new NotSupportedException("A simulation has one thread, which must not block.");
    }

    private sealed class Clock(Scheduler scheduler, TimeSpan skew, TimeSpan booted) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => scheduler.Now + skew;

        public override long GetTimestamp() => scheduler.Now.UtcTicks - booted.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            throw new NotSupportedException("A system timer would not follow the simulated time.");
    }
}
