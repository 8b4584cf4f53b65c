namespace FollowUp.IntegrationTests.Limits;

/// <summary>
/// What a request costs the program, which runs in this process: bytes allocated by all threads. Bytes do not depend on how busy the machine is;
/// the budgets are several times what is needed, and a fraction of what was needed before the limit existed.
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
