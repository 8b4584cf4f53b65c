namespace FollowUp.Application.Delivery;

/// <summary>Whom mails come from.</summary>
public interface ISenderIdentity
{
    /// <summary>The address in <c>From</c>.</summary>
    string Email { get; }

    /// <summary>The name in <c>From</c>, or null.</summary>
    string? Name { get; }

    /// <summary>The domain of the address, which makes our message ids unique in the world.</summary>
    string Domain { get; }
}
