using FollowUp.Application;
using FollowUp.Application.Accounts;
using FollowUp.Application.Instances;
using FollowUp.Application.Recipients;
using FollowUp.Application.Sequences;
using FollowUp.Application.Templates;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Sequences;
using FollowUp.Infrastructure.Sequences;
using FollowUp.Infrastructure.Templates;
using FollowUp.UnitTests.Support;
using FollowUp.UnitTests.Templates;
using NSubstitute;

namespace FollowUp.UnitTests.Application;

/// <summary>A sequence has a bounded number of variables, which are found once for each version and never within a transaction.</summary>
public sealed class SequenceVariablesTests
{
    private static readonly IReadOnlyList<TemplateVariable> One = [new("offer.address", true, true)];
    private readonly ITemplateRenderer _templates = Substitute.For<ITemplateRenderer>();

    public SequenceVariablesTests()
    {
        _templates.Variables(default!, default).ReturnsForAnyArgs(One);
        _templates.Fault(default!, default, default!).ReturnsForAnyArgs((string?)null);
    }

    [Fact]
    public void A_sequence_may_read_500_variables() => Wrong(Step(0, 300), Step(300, 200), Step(100, 300)).ShouldBeEmpty();

    [Fact]
    public void The_error_names_the_text_that_exceeds_500_variables() =>
        Wrong(Step(0, 300), new StepInput { Type = "WAIT", DelayDays = 1 }, Step(300, 201), Step(600, 1))
            .ShouldBe(["steps[2].body reads, together with the texts before it, more than 500 different variables"]);

    [Fact]
    public void Variables_of_variants_count_too() =>
        Wrong(Step(0, 300) with { Variants = [new VariantInput("a", 1, "s", "x"), new VariantInput("b", 1, "s", Reading(300, 201))] })
            .ShouldBe(["steps[0].variants[1].body reads, together with the texts before it, more than 500 different variables"]);

    [Fact]
    public void A_version_saved_before_the_limit_lists_the_first_500_variables()
    {
        using var variables = new CachedVariables(Models.Renderer);

        var found = variables.Of(Version(Step(0, 700)));

        found.Views.Count.ShouldBe(SequenceVariables.Most);
        found.Views[0].Name.ShouldBe("offer.v0000");
    }

    [Fact]
    public void Templates_of_a_version_are_parsed_once()
    {
        using var variables = new CachedVariables(_templates);
        var version = Version(Step(0, 1));

        var first = variables.Of(version);
        _templates.ClearReceivedCalls();

        variables.Of(version).ShouldBeSameAs(first);
        _templates.DidNotReceiveWithAnyArgs().Variables(default!, default);
        variables.Of(Version(Step(0, 1))).ShouldNotBeSameAs(first);
    }

    [Fact]
    public void Reading_cached_variables_allocates_almost_nothing()
    {
        using var variables = new CachedVariables(Models.Renderer);
        var version = Version([.. Enumerable.Range(0, 5).Select(_ => Step(0, 500))]);
        variables.Of(version);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
        {
            variables.Of(version);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(100 * 1_000);
    }

    [Fact]
    public void Parsing_a_template_is_charged_to_the_owner_and_a_cached_one_is_free()
    {
        using var cache = new TemplateCache();
        var templates = new LiquidTemplates(TimeProvider.System, cache);
        using var variables = new CachedVariables(templates);
        var step = Step(0, 500);

        var first = RenderMeter.Begin();
        variables.Of(Version(step));
        var second = RenderMeter.Begin();
        variables.Of(Version(step));

        first.Work.ShouldBeGreaterThanOrEqualTo(step.Body!.Length);
        second.Work.ShouldBe(0);
    }

    [Fact]
    public void Rendering_and_checking_are_charged_for_parsing_too()
    {
        using var cache = new TemplateCache();
        var templates = new LiquidTemplates(TimeProvider.System, cache);
        var checkedBody = "{% if false %}" + new string('a', 50_000) + "{% endif %}x";
        var renderedBody = "{% if false %}" + new string('b', 50_000) + "{% endif %}x";
        var (check, render) = (RenderAllowance.Counting(), RenderAllowance.Counting());

        templates.Check(checkedBody, TemplateKind.Body, check).ShouldBeNull();
        templates.RenderEmail("s", renderedBody, Models.Of() with { Allowance = render }).IsSuccess.ShouldBeTrue();

        check.Cost.ShouldBeGreaterThan(50_000);
        render.Cost.ShouldBeGreaterThan(50_000);
    }

    [Fact]
    public void An_enrolment_beyond_the_owners_share_parses_no_template()
    {
        using var variables = new CachedVariables(_templates);
        RenderMeter.BeginSpent();

        Prepared(variables).Of(Version(Step(0, 1)), "n", Anna).ShouldBeEmpty();

        _templates.ReceivedCalls().ShouldBeEmpty();
    }

    [Fact]
    public async Task Prepared_variables_of_an_enrolment_are_not_read_within_its_transaction()
    {
        using var variables = new CachedVariables(_templates);
        var check = Prepared(variables);
        var sequence = Sequence.Create(new OwnerId(Guid.NewGuid()), "n", null, true, [Step(0, 1).ToStep()], An.Noon).Value;
        var sequences = Substitute.For<ISequenceRepository>();
        sequences.FindForEnrolment(sequence.Id, default).ReturnsForAnyArgs(sequence);
        var instances = Substitute.For<IInstanceRepository>();
        instances.FindEnrolled(default, default!, default).ReturnsForAnyArgs((InstanceId?)null);
        var clock = Substitute.For<IDatabaseClock>();
        clock.Now(default).ReturnsForAnyArgs(An.Noon);
        check.Of(sequence.Current, "n", Anna).ShouldHaveSingleItem().Code.ShouldBe("missingVariable");
        _templates.ClearReceivedCalls();

        var enrolled = await new EnrollRecipientHandler(
            sequences,
            instances,
            Substitute.For<ISuppressions>(),
            Substitute.For<ISendingPlans>(),
            check,
            Substitute.For<ICaller>(),
            clock
        ).Handle(
            new EnrollRecipient(
                sequence.Id,
                new EnrolmentInput(new RecipientInput("anna@example.com", null, null, null), null, null, null)
            ),
            CancellationToken.None
        );

        enrolled.Value.Warnings!.ShouldHaveSingleItem();
        _templates.ReceivedCalls().ShouldBeEmpty();
    }

    private static Enrolment Anna => new(new Recipient(EmailAddress.FromStore("anna@example.com"), null, null, null), "{}", null, null);

    private PreparedEnrolmentCheck Prepared(IVersionVariables variables) => new(variables, _templates);

    private static SequenceVersion Version(params StepInput[] steps) =>
        Sequence.Create(new OwnerId(Guid.NewGuid()), "n", null, true, [.. steps.Select(step => step.ToStep())], An.Noon).Value.Current;

    private static StepInput Step(int first, int count) =>
        new()
        {
            Type = "EMAIL",
            Subject = "s",
            Body = Reading(first, count),
        };

    private static string Reading(int first, int count) =>
        "{% if offer.v0000 %}" + string.Concat(Enumerable.Range(first, count).Select(i => $"{{{{offer.v{i:0000}}}}}")) + "{% endif %}<p>x";

    private static IEnumerable<string> Wrong(params StepInput[] steps) =>
        new CreateSequenceValidator(Models.Renderer)
            .Validate(new CreateSequence("n", null, null, steps))
            .Errors.Select(error => $"{error.PropertyName} {error.ErrorMessage}");
}
