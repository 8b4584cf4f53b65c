using FollowUp.Domain.Sequences;
using FollowUp.UnitTests.Support;

namespace FollowUp.UnitTests.Domain;

/// <summary>Identity of steps across versions.</summary>
public sealed class StepIdsTests
{
    private static readonly EmailStep Hello = new("Hello", null);
    private static readonly EmailStep Again = new("Again", null);
    private static readonly EmailStep Last = new("Last", null);

    [Fact]
    public void Every_step_of_a_new_sequence_gets_a_unique_id()
    {
        var steps = An.SequenceOf(Hello, Hello, An.Days(1)).Current.Steps;

        steps.ShouldAllBe(step => StepIds.IsValid(step.Id));
        steps.Select(step => step.Id).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Ids_that_a_client_sends_are_kept()
    {
        var sequence = An.SequenceOf(Hello with { Id = "hello" }, Again);

        sequence.ChangeSteps([Again, Last with { Id = "hello" }], An.Noon);

        sequence.Current.Steps.Select(step => step.Id).ShouldBe([sequence.Versions[0].Steps[1].Id, "hello"]);
    }

    [Fact]
    public void The_same_steps_without_ids_create_no_version()
    {
        var sequence = An.SequenceOf(Hello, An.Days(1), Hello);

        sequence.ChangeSteps([Hello, An.Days(1), Hello], An.Noon);

        sequence.CurrentVersion.ShouldBe(1);
    }

    [Fact]
    public void Adding_and_removing_steps_keeps_the_ids_of_the_others()
    {
        var sequence = An.SequenceOf(Hello, An.Days(1), Again, An.Days(1), Last);
        var before = Ids(sequence);

        sequence.ChangeSteps([Hello, An.Days(1), Last, An.Text], An.Noon);

        Ids(sequence)[..3].ShouldBe([before[0], before[1], before[4]]);
        before.ShouldNotContain(Ids(sequence)[3]);
    }

    [Fact]
    public void An_edited_step_without_an_id_keeps_the_id_of_its_type_and_position()
    {
        var sequence = An.SequenceOf(Hello, An.Days(1), Again, An.Days(2), Last);
        var before = Ids(sequence);

        sequence.ChangeSteps([Hello, An.Days(7), new EmailStep("Edited", null), An.Days(2), Last], An.Noon);

        Ids(sequence).ShouldBe(before);
    }

    [Fact]
    public void Two_steps_with_one_id_are_refused()
    {
        var twice = Sequence.Create(An.Owner, "x", null, true, [Hello with { Id = "a" }, Again with { Id = "a" }], An.Noon);

        twice.ValidationErrors.Single().Identifier.ShouldBe("steps[1].id");
    }

    private static string[] Ids(Sequence sequence) => [.. sequence.Current.Steps.Select(step => step.Id)];
}
