using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Accounts;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;

namespace FollowUp.Application.Sequences;

/// <summary>Creates a sequence of the caller's, with its first version.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Enabled">Whether it takes enrolments and sends; true when absent.</param>
/// <param name="Steps">1 to 50 steps.</param>
public sealed record CreateSequence(string? Name, string? Description, bool? Enabled, IReadOnlyList<StepInput?>? Steps)
    : ICreateCommand<SequenceView>;

internal sealed class CreateSequenceValidator : AbstractValidator<CreateSequence>
{
    public CreateSequenceValidator(ITemplateRenderer templates)
    {
        SequenceRules.Name(RuleFor(command => command.Name));
        SequenceRules.Description(RuleFor(command => command.Description));
        SequenceRules.Steps(this, command => command.Steps, templates);
    }
}

internal sealed class CreateSequenceHandler(ICaller caller, ISequences sequences, IDatabaseClock clock)
    : ICommandHandler<CreateSequence, SequenceView>
{
    public async Task<Result<SequenceView>> Handle(CreateSequence command, CancellationToken cancellationToken)
    {
        var created = Sequence.Create(
            caller.OwnerId,
            command.Name!,
            command.Description,
            command.Enabled ?? true,
            [.. command.Steps!.Select(step => step!.ToStep())],
            await clock.Now(cancellationToken)
        );
        return created.Map(sequence =>
        {
            sequences.Add(sequence);
            return SequenceView.From(sequence, sequence.Current, new Dictionary<InstanceStatus, int>());
        });
    }
}
