"""What a hub's values say and its facts do not, each with the reason. All of it can be read in the values themselves.

A pattern is a path with dots; `*` stands for one step, `**` for all that follow. A test holds that nothing else is left out.
"""

NOT_TOLD: dict[str, str] = {
    # how the hub's own machinery is set up: the same wherever the feature is on
    "dask-gateway.gateway.**": "how Dask's own gateway is set up; that it is there is told",
    "jupyterhub.hub.loadRoles.**": "what services may do follows from the features",
    "jupyterhub.hub.services.**": "addresses between the hub and its services",
    "jupyterhub.hub.annotations.**": "keeps machines from being taken away under the hub",
    "jupyterhub.hub.resources.**": "the size of the hub's own process",
    "jupyterhub.hub.redirectToServer": "where people land after signing in",
    "jupyterhub.hub.config.BinderSpawnerMixin.**": "follows from the page of BinderHub",
    "jupyterhub.hub.config.UsageQuotaManager.failover_open": "what happens while usage cannot be counted",
    "jupyterhub.hub.config.UsageQuotaManager.scope_fallback_strategy.intersection": "which of two quotas counts",
    "jupyterhub.hub.config.UsageViewer.**": "words of the page on usage",
    "jupyterhub.hub.extraConfig.**": "program text; which pieces there are is told by name",
    "jupyterhub.proxy.**": "how the proxy is set up",
    "jupyterhub.scheduling.userScheduler.**": "how servers are packed onto machines",
    "jupyterhub.singleuser.cloudMetadata.**": "a network rule of every cluster",
    "jupyterhub.singleuser.extraFiles.**": "texts laid into servers",
    "jupyterhub.singleuser.extraTolerations.**": "repeats on which machines servers stand",
    "jupyterhub.singleuser.initContainers": "preparation of home folders",
    "jupyterhub-home-nfs.*.resources.**": "the sizes of the file server's own processes",
    "jupyterhub-home-nfs.resources.**": "the same, as older files write it",
    "jupyterhub-home-nfs.config.**": "how often groups are counted",
    "nfs.dirsizeReporter.**": "a figure for dashboards",
    "binderhub-service.networkPolicy.**": "a network rule",
    "binderhub-service.ingress.tls.**": "repeats the page's address",
    "binderhub-service.custom.**": "reports to the organisation's own analytics",
    "binderhub-service.extraEnv.**": "addresses between BinderHub and the hub",
    "binderhub-service.config.DockerRegistry.**": "repeats the registry that builds log in to",
    "binderhub-service.config.BinderHub.base_url": "part of the page's address",
    "binderhub-service.config.BinderHub.hub_url": "the hub's own address",
    "binderhub-service.config.BinderHub.enable_api_only_mode": "the reverse of having a page, which is told",
    # how a sign-in server is spoken to: which server it is is told
    "jupyterhub.hub.config.*.token_url": "follows from the server people sign in at",
    "jupyterhub.hub.config.*.userdata_url": "the same",
    "jupyterhub.hub.config.*.logout_redirect_url": "the same",
    "jupyterhub.hub.config.*.auth_refresh_age": "how long an account's keys are kept",
    "jupyterhub.hub.config.*.auth_state_groups_key": "where the account names groups",
    # words of the page on which people choose
    "jupyterhub.singleuser.profileList.*.profile_options.*.display_name": "the heading above choices",
    "jupyterhub.singleuser.profileList.*.profile_options.*.choices.*.slug": "repeats the choice's key",
    "jupyterhub.singleuser.profileList.*.profile_options.image.unlisted_choice.display_name": "a heading; that own images may be named is told",
    "jupyterhub.singleuser.profileList.*.profile_options.image.unlisted_choice.validation_message": "words beside that field",
    "jupyterhub.singleuser.profileList.*.profile_options.image.unlisted_choice.validation_regex": "the same",
    "jupyterhub.singleuser.profileList.*.profile_options.image.unlisted_choice.kubespawner_override.image": "a placeholder",
    "jupyterhub.singleuser.profileList.*.kubespawner_override.environment.**": "follows from the graphics card",
    "jupyterhub.singleuser.profileList.*.profile_options.*.choices.*.kubespawner_override.environment.**": "the same",
    # the outer chart
    "~.**": "values beside those of the hub, which the older daskhub chart gives to Dask's gateway",
}
