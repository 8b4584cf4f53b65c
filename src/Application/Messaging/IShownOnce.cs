namespace FollowUp.Application.Messaging;

/// <summary>Marks a command whose answer holds a secret that is shown once: it is never kept, so a repeat of the request is refused.</summary>
public interface IShownOnce;
