namespace FollowUp.Domain.Shared;

/// <summary>Something that happened to an aggregate, named in the past tense. Raised by the aggregate, handled when its change is saved.</summary>
public abstract record DomainEvent;
