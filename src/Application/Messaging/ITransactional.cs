namespace FollowUp.Application.Messaging;

/// <summary>Marks a request that the pipeline runs inside one database transaction.</summary>
public interface ITransactional;
