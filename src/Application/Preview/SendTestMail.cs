namespace FollowUp.Application.Preview;

/// <summary>
/// Sends one mail of a sequence to an address that the caller chooses, marked as a test. It is not recorded: no instance, no event, no
/// attempt and no statistics. A suppressed address is rejected. The mail counts against the operator's ceiling like any other.
/// </summary>
/// <param name="Id">The sequence's id; its current version is used.</param>
public sealed record SendTestMail(SequenceId Id, TestMailInput Input) : IUnboundCommand<TestMailView>;

internal sealed class SendTestMailHandler(
    IReadDb db,
    ICaller caller,
    ISuppressions suppressions,
    StepRenderer texts,
    IStepSenders senders,
    ISenderIdentity sender,
    IMailCeiling ceiling,
    IDatabaseClock clock
) : ICommandHandler<SendTestMail, TestMailView>
{
    private const string Mark = "[Test] ";

    public async Task<Result<TestMailView>> Handle(SendTestMail command, CancellationToken cancellationToken)
    {
        var found = await db.Of<Sequence>().Where(s => s.Id == command.Id).WithCurrentVersion(db).SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return SequenceErrors.NotFound;
        }

        var now = await clock.Now(cancellationToken);
        var (input, steps) = (command.Input, found.Current.Steps);
        var read = Read(input, steps, now);
        if (!read.IsSuccess)
        {
            return Result.Invalid(read.ValidationErrors);
        }

        if (await suppressions.Contains(caller.OwnerId, Channel.Email, read.Value.To.Key, cancellationToken))
        {
            return InstanceErrors.Suppressed;
        }

        var (recipient, variables, offerId, _) = read.Value.Enrolment;
        var reader = new StepReader(caller.OwnerId, new InstanceId(Guid.Empty), recipient, variables, offerId, found.Sequence.Name, null)
        {
            IsTrial = true,
            UpgradesImages = found.Sequence.UpgradeInsecureImages,
        };
        var rendered = await Render(steps, new StepIndex(input.Step!.Value), input.Variant, reader, cancellationToken);
        if (!rendered.IsSuccess)
        {
            return Result.Invalid(rendered.ValidationErrors);
        }

        return await Send(read.Value.To, recipient.Name, rendered.Value, now, cancellationToken);
    }

    /// <summary>A follow-up without a subject is sent with the subject of its future reply: that of the sequence's first mail.</summary>
    private async Task<Result<RenderedStep>> Render(
        IReadOnlyList<Step> steps,
        StepIndex index,
        string? variant,
        StepReader reader,
        CancellationToken cancellationToken
    )
    {
        var first = new StepIndex(steps.TakeWhile(step => step is not EmailStep).Count());
        if (first != index && MailDraft.Of(steps, index, Likeliest(steps, index, variant), hasThread: true).Subject is null)
        {
            reader = reader with { Variant = Likeliest(steps, first, null)?.Name };
            var opening = Complete(await texts.RenderSubject(steps, first, reader, cancellationToken));
            if (!opening.IsSuccess)
            {
                return opening;
            }

            reader = reader with { Thread = new MailThread("", opening.Value.Subject!) };
        }

        reader = reader with { Variant = Likeliest(steps, index, variant)?.Name };
        return Complete(await texts.Render(steps, index, reader, cancellationToken));
    }

    private static Result<RenderedStep> Complete(Result<RenderedStep> rendered) =>
        !rendered.IsSuccess ? Error.Invalid("step", rendered.ValidationErrors.First().ErrorMessage)
        : rendered.Value.Missing.Count == 0 ? rendered
        : Error.Invalid("variables", DispatchErrors.MissingVariables(rendered.Value.Missing));

    private static EmailVariant? Likeliest(IReadOnlyList<Step> steps, StepIndex index, string? variant)
    {
        var variants = ((EmailStep)steps[index.Value]).Variants;
        return variant is null ? variants.Likeliest : variants.Named(variant);
    }

    private async Task<Result<TestMailView>> Send(
        EmailAddress to,
        string? name,
        RenderedStep text,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var provider = senders.For(Channel.Email)!;
        // An id that is in no table, so the provider's events for this mail are not counted.
        var id = Guid.CreateVersion7(now);
        var mail = new OutgoingEmail(new AttemptId(id), new InstanceId(Guid.Empty), to, name, Mark + text.Subject, text.Html!, text.Text)
        {
            MessageId = $"{id:N}@{sender.Domain}",
            UnsubscribeUrl = text.UnsubscribeUrl,
            IsTest = true,
        };
        if (await ceiling.Take(caller.OwnerId, now, cancellationToken) is { } until)
        {
            return CeilingErrors.MailsPerDay(until);
        }

        var result = await provider.Send(mail, cancellationToken);
        if (result is SendResult.Rejected or SendResult.Retryable)
        {
            await ceiling.GiveBack(caller.OwnerId, now, CancellationToken.None);
        }

        var (outcome, error) = result switch
        {
            SendResult.Accepted => ("accepted", null),
            SendResult.Rejected rejected => ("rejected", rejected.Error),
            SendResult.Retryable retryable => ("retryable", retryable.Error),
            SendResult.InDoubt doubt => ("inDoubt", doubt.Reason),
            var other => throw new InvalidOperationException($"No such result: {other}"),
        };
        return new TestMailView(outcome, provider.Provider, mail.Subject, error);
    }

    private static Result<(EmailAddress To, Enrolment Enrolment)> Read(TestMailInput input, IReadOnlyList<Step> steps, DateTimeOffset now)
    {
        List<ValidationError> errors = [];
        var to = EmailInput.Read(input.To);
        if (to.Wrong is { } wrong)
        {
            errors.Add(new("to", wrong));
        }

        var email = input.Step >= 0 && input.Step < steps.Count ? steps[input.Step.Value] as EmailStep : null;
        if (email is null)
        {
            errors.Add(new("step", "must be the index of an EMAIL"));
        }
        else if (input.Variant is { } variant && email.Variants.Named(variant) is null)
        {
            errors.Add(new("variant", "must be the name of a variant of the step"));
        }

        var recipient = input.Recipient ?? new RecipientInput(null, null, null, null);
        var enrolment = new EnrolmentInput(
            recipient with
            {
                Email = recipient.Email ?? input.To,
            },
            input.Variables,
            input.OfferId,
            null
        ).Read(now, needsPhone: false);
        errors.AddRange(enrolment.ValidationErrors.Where(error => errors.Count == 0 || error.Identifier != "recipient.email"));
        return errors.Count > 0 ? Result.Invalid(errors) : (to.Address!.Value, enrolment.Value);
    }
}
