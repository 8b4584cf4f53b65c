using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;

namespace FollowUp.UnitTests.Domain;

public sealed class MailDraftTests
{
    private static readonly EmailStep Whole = new("s", "b");

    [Theory]
    [InlineData("s", "b", null, true, "s", false)]
    [InlineData("s", "b", true, true, "s", true)]
    [InlineData(null, "b", null, true, null, true)]
    [InlineData(" ", "b", null, true, null, true)]
    [InlineData(null, "b", null, false, "Following up", false)]
    [InlineData(null, "b", false, true, "Following up", false)]
    [InlineData(null, null, null, true, "Following up", false)]
    [InlineData(null, null, true, true, null, true)]
    [InlineData("s", null, null, true, "s", false)]
    public void A_missing_subject_is_a_reply_and_a_missing_text_the_default(
        string? subject,
        string? body,
        bool? thread,
        bool hasThread,
        string? drafted,
        bool threaded
    )
    {
        var draft = MailDraft.Of([Whole, new EmailStep(subject, body) { Thread = thread }], new StepIndex(1), null, hasThread);

        (draft.Subject?.Split('{')[0], draft.IsThreaded).ShouldBe((drafted, threaded));
        draft.Body.StartsWith(body ?? "<p>Hi", StringComparison.Ordinal).ShouldBeTrue();
    }

    [Fact]
    public void A_variant_overrides_its_fields_and_inherits_the_others()
    {
        var step = new EmailStep("s", "b") { Variants = new([new("A", 1, "sa", null), new("B", 1, null, "bb")]) };

        MailDraft.Of([step], new StepIndex(0), step.Variants[0], false).ShouldBe(new MailDraft("A", "sa", "b", false));
        MailDraft.Of([step], new StepIndex(0), step.Variants[1], false).ShouldBe(new MailDraft("B", "s", "bb", false));
    }

    [Fact]
    public void The_choice_of_a_variant_is_stable_and_follows_the_weights()
    {
        var variants = new EmailVariants([new("A", 3, null, null), new("B", 1, null, null), new("C", 0.0000001m, null, null)]);
        var ids = Enumerable.Range(0, 4_000).Select(i => new Guid(i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)).ToList();

        var chosen = ids.ConvertAll(id => variants.Choose(id, "0")!.Name);

        ids.ConvertAll(id => variants.Choose(id, "0")!.Name).ShouldBe(chosen);
        chosen.Count(name => name == "A").ShouldBeInRange(2_850, 3_150);
        chosen.ShouldNotContain("C");
        ids.ConvertAll(id => variants.Choose(id, "1")!.Name).ShouldNotBe(chosen);
        EmailVariants.None.Choose(ids[0], "0").ShouldBeNull();
    }

    [Fact]
    public void Steps_with_the_same_variants_are_the_same_step()
    {
        EmailStep Step(decimal weight) => new("s", "b") { Variants = new([new("A", weight, null, null)]) };

        Step(1).ShouldBe(Step(1));
        Step(1).ShouldNotBe(Step(2));
    }

    [Theory]
    [InlineData("Your offer", "Re: Your offer")]
    [InlineData("RE: Your offer", "RE: Your offer")]
    public void A_reply_prefix_is_added_once(string subject, string reply) => new MailThread("id", subject).Reply.ShouldBe(reply);
}
