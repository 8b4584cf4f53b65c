namespace FollowUp.Application.Messaging;

/// <summary>
/// Marks a command whose response contains a secret that is shown once. The response is not stored, so a repeated request is rejected.
/// </summary>
public interface IShownOnce;
