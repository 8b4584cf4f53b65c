using FollowUp.Application.Sequences;
using FollowUp.Application.Templates;
using NSubstitute;

namespace FollowUp.UnitTests.Application;

/// <summary>A save cleans its pages before its transaction, and not again within it.</summary>
public sealed class PreparedWarningsTests
{
    private readonly ITemplateRenderer _templates = Substitute.For<ITemplateRenderer>();
    private readonly PreparedWarnings _warnings;

    public PreparedWarningsTests()
    {
        _templates
            .Warnings("<p>x</p>", TemplateKind.Body, Arg.Any<RenderAllowance>())
            .Returns([new TemplateWarning("noUnsubscribeLink", "There is none.")]);
        _warnings = new PreparedWarnings(_templates);
    }

    [Fact]
    public async Task What_was_prepared_is_not_looked_for_again()
    {
        var step = new StepInput
        {
            Type = "EMAIL",
            Subject = "s",
            Body = "<p>x</p>",
        };
        await new CreateSequencePreparation(_warnings).Prepare(new CreateSequence("n", null, null, [step]), CancellationToken.None);
        _templates.ClearReceivedCalls();

        _warnings.Of([step.ToStep()]).Single().Field.ShouldBe("steps[0].body");

        _templates.DidNotReceiveWithAnyArgs().Warnings(default!, default);
    }

    [Fact]
    public async Task Steps_that_a_rival_changed_meanwhile_get_their_own_warnings()
    {
        var step = new StepInput
        {
            Type = "EMAIL",
            Subject = "s",
            Body = "<p>x</p>",
        };
        await new CreateSequencePreparation(_warnings).Prepare(new CreateSequence("n", null, null, [step]), CancellationToken.None);

        _warnings.Of([(step with { Body = "<p>y</p>" }).ToStep()]).ShouldBeEmpty();
    }
}
