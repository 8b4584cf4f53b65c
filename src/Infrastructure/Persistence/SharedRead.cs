namespace FollowUp.Infrastructure.Persistence;

/// <summary>
/// A value that is read at most once in a period, whatever the number of callers: those that come while a read is running wait for it, and those that
/// come later get its result until the period is over. A read that failed is not kept.
/// </summary>
internal sealed class SharedRead<T>(Func<Task<T>> read, TimeSpan period, TimeProvider time)
{
    private readonly Lock _lock = new();
    private Task<T>? _task;
    private long _begun;

    /// <summary>The value, read at most a period ago. The read is not cancelled with the caller that begins it: others wait for it too.</summary>
    public Task<T> Get(CancellationToken cancellationToken)
    {
        Task<T> task;
        lock (_lock)
        {
            if (_task is not { IsFaulted: false, IsCanceled: false } last || (last.IsCompleted && time.GetElapsedTime(_begun) >= period))
            {
                (_task, _begun) = (Task.Run(read, CancellationToken.None), time.GetTimestamp());
            }

            task = _task;
        }

        return task.WaitAsync(cancellationToken);
    }
}
