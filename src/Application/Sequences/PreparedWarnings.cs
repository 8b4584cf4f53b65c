using FollowUp.Application.Behaviors;
using FollowUp.Application.Dispatch;
using FollowUp.Domain.Sequences;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Sequences;

/// <summary>
/// The warnings about the steps that a request saves. Looking for them cleans and reads whole pages, so it happens before the transaction, and once
/// when the transaction runs more than once.
/// </summary>
internal sealed class PreparedWarnings(ITemplateRenderer templates)
{
    private IReadOnlyList<(string Field, string? Template, TemplateKind Kind)> _texts = [];
    private IReadOnlyList<SequenceWarning>? _warnings;

    /// <summary>The warnings about steps: those that were prepared, unless the texts are others because a rival changed the steps meanwhile.</summary>
    public IReadOnlyList<SequenceWarning> Of(IReadOnlyList<Step> steps)
    {
        IReadOnlyList<(string, string?, TemplateKind)> texts = [.. SequenceWarning.Texts(steps)];
        if (_warnings is null || !texts.SequenceEqual(_texts))
        {
            (_texts, _warnings) = (texts, SequenceWarning.Of(steps, templates));
        }

        return _warnings;
    }
}

internal sealed class CreateSequencePreparation(PreparedWarnings warnings) : IPreparation<CreateSequence>
{
    public Task Prepare(CreateSequence command, CancellationToken cancellationToken)
    {
        _ = warnings.Of([.. command.Steps!.Select(step => step!.ToStep())]);
        return Task.CompletedTask;
    }
}

internal sealed class UpdateSequencePreparation(PreparedWarnings warnings, IReadDb db) : IPreparation<UpdateSequence>
{
    public async Task Prepare(UpdateSequence command, CancellationToken cancellationToken)
    {
        if (command.Steps.IsGiven)
        {
            _ = warnings.Of([.. command.Steps.Value!.Select(step => step!.ToStep())]);
        }
        else if (
            await db.Sequences.Where(s => s.Id == command.Id).WithCurrentVersion(db).SingleOrDefaultAsync(cancellationToken) is { } found
        )
        {
            _ = warnings.Of(found.Current.Steps);
        }
    }
}
