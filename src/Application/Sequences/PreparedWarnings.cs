namespace FollowUp.Application.Sequences;

/// <summary>
/// The warnings about the steps that a request saves. Finding them parses and cleans whole pages, so it is done once before the
/// transaction, which may run more than once.
/// </summary>
internal sealed class PreparedWarnings(ITemplateRenderer templates)
{
    private IReadOnlyList<(string Field, string? Template, TemplateKind Kind)> _texts = [];
    private bool _upgradesImages;
    private IReadOnlyList<SequenceWarning>? _warnings;

    /// <summary>The warnings about steps: the prepared ones, unless a concurrent request changed the texts in the meantime.</summary>
    public IReadOnlyList<SequenceWarning> Of(IReadOnlyList<Step> steps, bool upgradesImages = false)
    {
        IReadOnlyList<(string, string?, TemplateKind)> texts = [.. SequenceWarning.Texts(steps)];
        if (_warnings is null || upgradesImages != _upgradesImages || !texts.SequenceEqual(_texts))
        {
            (_texts, _upgradesImages) = (texts, upgradesImages);
            _warnings = SequenceWarning.Of(steps, templates, upgradesImages);
        }

        return _warnings;
    }
}

internal sealed class CreateSequencePreparation(PreparedWarnings warnings) : IPreparation<CreateSequence>
{
    public Task Prepare(CreateSequence command, CancellationToken cancellationToken)
    {
        _ = warnings.Of([.. command.Steps!.Select(step => step!.ToStep())], command.UpgradeInsecureImages ?? false);
        return Task.CompletedTask;
    }
}

internal sealed class UpdateSequencePreparation(PreparedWarnings warnings, IReadDb db) : IPreparation<UpdateSequence>
{
    public async Task Prepare(UpdateSequence command, CancellationToken cancellationToken)
    {
        if (command is { Steps.IsGiven: true, UpgradeInsecureImages.IsGiven: true })
        {
            Look(command.Steps.Value!, command.UpgradeInsecureImages.Value == true);
        }
        else if (
            await db.Of<Sequence>().Where(s => s.Id == command.Id).WithCurrentVersion(db).SingleOrDefaultAsync(cancellationToken) is
            { } found
        )
        {
            var upgradesImages = command.UpgradeInsecureImages.Or(found.Sequence.UpgradeInsecureImages) == true;
            if (command.Steps.IsGiven)
            {
                Look(command.Steps.Value!, upgradesImages);
            }
            else
            {
                _ = warnings.Of(found.Current.Steps, upgradesImages);
            }
        }
    }

    private void Look(IReadOnlyList<StepInput?> steps, bool upgradesImages) =>
        _ = warnings.Of([.. steps.Select(step => step!.ToStep())], upgradesImages);
}
