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
    public async Task Prepared_warnings_are_not_computed_again()
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
    public async Task Concurrently_changed_steps_get_new_warnings()
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
