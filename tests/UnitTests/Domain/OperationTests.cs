using FollowUp.Domain.Accounts;
using FollowUp.Domain.Operations;

namespace FollowUp.UnitTests.Domain;

/// <summary>When an operation is given up.</summary>
public sealed class OperationTests
{
    [Theory]
    [InlineData(OperationKind.DeleteSequence, true)]
    [InlineData(OperationKind.ReleaseParked, true)]
    [InlineData(OperationKind.Reschedule, false)]
    public void Only_an_operation_that_can_be_cancelled_is_given_up_after_many_failures(OperationKind kind, bool isActive)
    {
        var now = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        var operation = Operation.Begin(new OwnerId(Guid.NewGuid()), kind, Guid.NewGuid(), "{}", Actor.Engine, now);
        for (var failure = 0; failure < Operation.MostFailures; failure++)
        {
            operation.Fail("the batch failed", now);
        }

        operation.IsActive.ShouldBe(isActive);
    }
}
