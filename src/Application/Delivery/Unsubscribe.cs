namespace FollowUp.Application.Delivery;

/// <summary>
/// Unsubscribes the reader of a mail: the address is suppressed for all of the owner's sequences, and the instance whose mail had the link
/// ends. The recipient's other instances end when their next mails come due. Idempotent.
/// </summary>
/// <param name="Token">The last segment of the link.</param>
public sealed record Unsubscribe(string Token) : IUnboundCommand<UnsubscribeView>;

internal sealed class UnsubscribeHandler(
    IUnsubscribeLinks links,
    ITransactions transactions,
    IInstanceRepository instances,
    ISuppressions suppressions,
    IDatabaseClock clock
) : ICommandHandler<Unsubscribe, UnsubscribeView>
{
    /// <summary>The transaction starts only for a link that changes something: anyone can send invalid links.</summary>
    public async Task<Result<UnsubscribeView>> Handle(Unsubscribe command, CancellationToken cancellationToken)
    {
        if (await links.Read(command.Token, cancellationToken) is not { } token)
        {
            return UnsubscribeErrors.NoSuchLink;
        }

        var view = new UnsubscribeView(MaskedAddress.Of(token.Email), token.IsTrial);
        return token.IsTrial
            ? view
            : await transactions.Run(
                async () =>
                {
                    await Close(token, cancellationToken);
                    return Result.Success(view);
                },
                result => result.IsSuccess,
                cancellationToken
            );
    }

    private async Task Close(UnsubscribeToken token, CancellationToken cancellationToken)
    {
        // The instance may have been deleted with its sequence; the unsubscription still counts.
        var instance = await instances.FindForChange(token.Instance, token.Owner, cancellationToken);
        var now = await clock.Now(cancellationToken);
        instance?.ActBy(Actor.Recipient).Stop(StopReason.Unsubscribed, now);
        await suppressions.Add(
            Suppression.Create(token.Owner, Channel.Email, token.Email.Key, StopReason.Unsubscribed, SuppressionSource.Link, now),
            cancellationToken
        );
    }
}

internal static class UnsubscribeErrors
{
    public static Result NoSuchLink => Error.NotFound("This link is invalid or incomplete.");
}
