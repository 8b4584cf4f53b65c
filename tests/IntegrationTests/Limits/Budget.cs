namespace FollowUp.IntegrationTests.Limits;

/// <summary>
/// The cost of a request in the program, which runs in this process: bytes allocated by all threads. Unlike time, bytes do not depend on the load of
/// the machine. The budgets are several times the need, and a fraction of the need before the limit existed.
/// </summary>
internal static class Budget
{
    public const long Megabyte = 1024 * 1024;

    public static async Task<long> Allocated(Func<Task> work)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await work();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
