namespace FollowUp.IntegrationTests.Limits;

/// <summary>Tests that measure the allocations of the process. They do not run beside other tests, whose allocations would count.</summary>
[CollectionDefinition(nameof(AllocationBudgets), DisableParallelization = true)]
public sealed class AllocationBudgets;
