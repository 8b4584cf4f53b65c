namespace FollowUp.Application.Delivery;

/// <summary>The sender of mails.</summary>
public interface ISenderIdentity
{
    /// <summary>The address in <c>From</c>.</summary>
    string Email { get; }

    /// <summary>The name in <c>From</c>, or null.</summary>
    string? Name { get; }

    /// <summary>The domain of the address, which makes message ids globally unique.</summary>
    string Domain { get; }
}
