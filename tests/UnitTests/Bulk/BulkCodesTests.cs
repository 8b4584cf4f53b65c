using FollowUp.Application;
using FollowUp.Application.Instances;
using FollowUp.Application.Recipients;
using FollowUp.Domain.Recipients;

namespace FollowUp.UnitTests.Bulk;

public sealed class BulkCodesTests
{
    [Fact]
    public void Every_outcome_of_a_row_has_a_documented_code()
    {
        var tally = new BulkTally();
        foreach (var outcome in Enum.GetValues<BulkOutcome>())
        {
            tally.Count(1, outcome);
        }

        var codes = tally.ToView(null).Errors.Select(error => error.Code).ToList();
        codes.ShouldBe(["alreadyEnrolled", "suppressed", "sequenceDisabled"], ignoreOrder: true);
        codes.ShouldBe(new OneOfAttribute(typeof(EnrolmentErrorCodes)).Words, ignoreOrder: true);
    }

    [Theory]
    [InlineData("unsubscribed", StopReason.Unsubscribed)]
    [InlineData("Bounced", StopReason.Bounced)]
    [InlineData("complained", StopReason.Complained)]
    [InlineData("manual", StopReason.Manual)]
    [InlineData("replied", null)]
    [InlineData("goal", null)]
    [InlineData("", null)]
    public void An_address_is_suppressed_for_one_of_four_reasons(string text, StopReason? reason) =>
        SuppressionRules.ReadReason(text).ShouldBe(reason);

    [Fact]
    public void The_rule_of_reasons_names_them() =>
        SuppressionRules.ReasonRule.ShouldBe("must be unsubscribed, bounced, complained or manual");
}
